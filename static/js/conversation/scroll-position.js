// The scroll position of the conversation. In a very low window, the conversation does not scroll, but the page.

import { postsIn } from "./post-list.js";
import { isAtEnd } from "./rules.js";

const MARGIN = 32; // pixels, more than the separator of a day, which stays at the top

/**
 * Create the position of `element`, which scrolls `list`. `state.showsEnd` is whether the newest posts are loaded, and
 * `onScroll()` is called until `signal` aborts.
 */
export function createPosition(element, { list, state, onScroll, signal }) {
  const page = document.scrollingElement;
  const scrollsPage = () => getComputedStyle(element).overflowY === "visible";
  const scroller = () => (scrollsPage() ? page : element);

  const position = {
    /** Return the element that scrolls, or null for the window. */
    frame: () => (scrollsPage() ? null : element),

    isAtEnd() {
      // A reversed column is at its end at 0, and the page at its greatest position.
      const distance = scrollsPage() ? page.scrollHeight - page.clientHeight - page.scrollTop : element.scrollTop;
      return isAtEnd(distance, state.showsEnd);
    },

    moveToEnd() {
      scroller().scrollTop = scrollsPage() ? page.scrollHeight : 0;
    },

    focus: () => element.focus(),

    /** Return the first post in view and its distance from the top of the window, or null at the end. */
    anchor() {
      if (position.isAtEnd()) return null;
      const top = Math.max(element.getBoundingClientRect().top, 0);
      const row = postsIn(list).find((it) => !it.hidden && it.getBoundingClientRect().bottom > top);
      return row ? { row, top: row.getBoundingClientRect().top } : null;
    },

    /** Return the last post that is completely in view, or undefined. */
    lastInView() {
      const bottom = Math.min(element.getBoundingClientRect().bottom, window.innerHeight);
      const isInView = (row) => !row.hidden && row.getBoundingClientRect().bottom <= bottom + 1;
      return postsIn(list).reverse().find(isInView);
    },

    /** Scroll until `row` is at the distance `top` from the top of the window, by default below the top of `element`. */
    moveTo(row, top = Math.max(element.getBoundingClientRect().top, 0) + MARGIN) {
      scroller().scrollTop += row.getBoundingClientRect().top - top;
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
  if (scrollsPage() && state.showsEnd) position.moveToEnd();
  for (const target of [element, document]) target.addEventListener("scroll", onScroll, { signal });
  return position;
}

/**
 * Save the scroll `position` in the browser's history when the user leaves the page, and restore a saved one, so that Back
 * returns to it. The address selects the posts, in case the browser loads the page again. Return a function that disconnects it.
 */
export function connect(position) {
  const controller = new AbortController();
  const { signal } = controller;

  const save = () => {
    const anchor = position.anchor();
    if (!anchor && !history.state) return;
    const state = anchor && { post: anchor.row.id, top: anchor.top };
    const parameters = new URLSearchParams(window.location.search);
    const kept = parameters.has("present") ? "&present" : "";
    history.replaceState(state, "", anchor ? `?at=${anchor.row.dataset.post}${kept}` : window.location.pathname);
  };
  const onClick = (event) => {
    if (!event.defaultPrevented && event.target.closest("a[href]")) save();
  };
  window.addEventListener("beforeunload", save, { signal });
  window.addEventListener("click", onClick, { signal }); // Safari on iPads has no `beforeunload`

  const { post, top } = history.state ?? {};
  const row = document.getElementById(post);
  if (row) position.moveTo(row, top);
  return () => controller.abort();
}
