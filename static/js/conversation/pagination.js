// Loads older and newer posts when their link scrolls into view.

import { get, parseFragment } from "../request.js";
import { postsIn, updateSeparators } from "./post-list.js";

const MARGIN = "600px 0px"; // load before the link is in view

/** Connect the links in `list`. `onEnd(revision)` is called when the newest posts are loaded. Return a disconnect function. */
export function connect(list, { root, state, position, onEnd }) {
  const load = async (item) => {
    if (item.dataset.loading) return;
    item.dataset.loading = "yes";
    root.setAttribute("aria-busy", "true"); // so that screen readers do not announce the posts
    const { revision } = state;
    const isNewer = item.matches("[data-newer]");
    try {
      const response = await get(item.querySelector("a").href);
      if (!response.ok || response.redirected) throw new Error(`page: status ${response.status}`);
      const page = parseFragment(response.text);
      const next = page.querySelector(isNewer ? "[data-newer] a" : "[data-older] a");
      // The link stays, because it may have the focus. The posts that the opposite link leads to are shown already.
      page.querySelectorAll("[data-older], [data-newer]").forEach((link) => link.remove());
      for (const row of page.querySelectorAll("[data-post]")) if (document.getElementById(row.id)) row.remove();
      position.preserve(() => {
        if (isNewer) item.before(page);
        else item.after(page);
        if (next) item.querySelector("a").href = next.href;
        else remove(item);
        updateSeparators(list);
      });
      if (isNewer && !next) onEnd(revision);
      delete item.dataset.loading;
      observe();
    } catch {
      delete item.dataset.loading; // the link still works
    } finally {
      root.setAttribute("aria-busy", String(list.querySelector("[data-loading]") !== null));
    }
  };
  /** Remove the link `item`. The focus, if it is there, moves to the nearest post. */
  const remove = (item) => {
    const hadFocus = item.contains(document.activeElement);
    const rows = postsIn(list).filter((row) => !row.hidden);
    item.remove();
    if (!hadFocus) return;
    const next = rows.at(item.matches("[data-newer]") ? -1 : 0) ?? root;
    next.tabIndex = -1;
    next.focus({ preventScroll: true });
  };
  const onIntersect = (entries) => {
    for (const entry of entries) if (entry.isIntersecting) load(entry.target);
  };
  let observer = null;
  const observe = () => {
    observer?.disconnect();
    observer = new IntersectionObserver(onIntersect, { root: position.frame(), rootMargin: MARGIN });
    list.querySelectorAll("[data-older], [data-newer]").forEach((item) => observer.observe(item));
  };
  observe();
  window.addEventListener("resize", observe);
  return () => {
    observer.disconnect();
    window.removeEventListener("resize", observe);
  };
}
