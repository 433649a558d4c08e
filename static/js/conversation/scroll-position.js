// The scroll position of the conversation, whose end is at scrollTop 0.

import { postsIn } from "./post-list.js";
import { isAtEnd } from "./rules.js";

/** Connect `element`, which scrolls `list`. `state.showsEnd` is whether the newest posts are loaded. */
export function connect(element, { list, state, onEnd }) {
  const controller = new AbortController();
  const position = {
    isAtEnd: () => isAtEnd(element.scrollTop, state.showsEnd),

    moveToEnd() {
      element.scrollTop = 0;
    },

    focus: () => element.focus(),

    /** Run `change`, which inserts or removes posts, without moving the posts in view. */
    preserve(change) {
      const wasAtEnd = position.isAtEnd();
      const { top } = element.getBoundingClientRect();
      const anchor = wasAtEnd ? null : postsIn(list).find((row) => row.getBoundingClientRect().bottom > top);
      const before = anchor ? anchor.getBoundingClientRect().top : 0;
      change();
      if (anchor?.isConnected) element.scrollTop += anchor.getBoundingClientRect().top - before;
      else if (wasAtEnd) position.moveToEnd();
    },

    disconnect: () => controller.abort(),
  };
  element.addEventListener("scroll", () => position.isAtEnd() && onEnd(), { signal: controller.signal });
  return position;
}
