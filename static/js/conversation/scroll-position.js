// The scroll position of the conversation, whose end is at scrollTop 0.

import { postsIn } from "./post-list.js";
import { isAtEnd } from "./rules.js";

const MARGIN = 16; // pixels

/**
 * Create the position of `element`, which scrolls `list`. `state.showsEnd` is whether the newest posts are loaded, and
 * `onEnd()` is called at the newest post until `signal` aborts.
 */
export function createPosition(element, { list, state, onEnd, signal }) {
  const position = {
    isAtEnd: () => isAtEnd(element.scrollTop, state.showsEnd),

    moveToEnd() {
      element.scrollTop = 0;
    },

    focus: () => element.focus(),

    /** Return the first post in view and its distance from the top of the window, or null at the end. */
    anchor() {
      if (position.isAtEnd()) return null;
      const { top } = element.getBoundingClientRect();
      const row = postsIn(list).find((it) => it.getBoundingClientRect().bottom > top);
      return row ? { row, top: row.getBoundingClientRect().top } : null;
    },

    /** Scroll until `row` is at the distance `top` from the top of the window, by default below the top of `element`. */
    moveTo(row, top = element.getBoundingClientRect().top + MARGIN) {
      element.scrollTop += row.getBoundingClientRect().top - top;
    },

    /** Run `change`, which inserts or removes posts, without moving the posts in view. */
    preserve(change) {
      const wasAtEnd = position.isAtEnd();
      const anchor = position.anchor();
      change();
      if (anchor?.row.isConnected) position.moveTo(anchor.row, anchor.top);
      else if (wasAtEnd) position.moveToEnd();
    },
  };
  element.addEventListener("scroll", () => position.isAtEnd() && onEnd(), { signal });
  return position;
}
