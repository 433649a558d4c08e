// Loads older and newer posts when their link scrolls into view.

import { get, parseFragment } from "../request.js";
import { updateSeparators } from "./separators.js";

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
      const page = parseFragment(await response.text());
      const isEnd = isNewer && !page.querySelector("[data-newer]");
      // The posts that the opposite link leads to are shown already.
      page.querySelectorAll(isNewer ? "[data-older]" : "[data-newer]").forEach((link) => link.remove());
      for (const row of page.querySelectorAll("[data-post]")) if (document.getElementById(row.id)) row.remove();
      position.preserve(() => {
        item.replaceWith(page);
        updateSeparators(list);
      });
      if (isEnd) onEnd(revision);
      observe();
    } catch {
      delete item.dataset.loading; // the link still works
    } finally {
      root.setAttribute("aria-busy", String(list.querySelector("[data-loading]") !== null));
    }
  };
  const onIntersect = (entries) => {
    for (const entry of entries) if (entry.isIntersecting) load(entry.target);
  };
  const observer = new IntersectionObserver(onIntersect, { root, rootMargin: MARGIN });
  const observe = () => {
    observer.disconnect();
    list.querySelectorAll("[data-older], [data-newer]").forEach((item) => observer.observe(item));
  };
  observe();
  return () => observer.disconnect();
}
