// Makes each post one stop for the Tab key: arrow keys, Home and End move between posts. From the current post, which is
// the newest one at first, Tab continues through its links and its menu.

import { postsIn } from "./post-list.js";

/** Connect the posts in `list`, which `root` scrolls. Return a function that disconnects them. */
export function connect(list, root) {
  const controller = new AbortController();
  const { signal } = controller;
  let current = null;

  const visiblePosts = () => postsIn(list).filter((row) => !row.hidden);

  /** Let the Tab key stop at `row` and its controls, or not. */
  const setStop = (row, isStop) => {
    row.tabIndex = isStop ? 0 : -1;
    for (const control of row.querySelectorAll("a:not([aria-hidden]), summary, button")) {
      if (isStop) control.removeAttribute("tabindex");
      else control.tabIndex = -1;
    }
  };
  const select = (row) => {
    if (row === current) return;
    if (current) setStop(current, false);
    current = row ?? null;
    if (current) setStop(current, true);
  };
  /** Update the posts that `records` of a MutationObserver contain. */
  const update = (records) => {
    const changed = records.flatMap(({ target, addedNodes }) => (target === list ? [...addedNodes] : [target]));
    const rows = changed.map((node) => (node instanceof Element ? node : node.parentElement)?.closest("[data-post]"));
    for (const row of new Set(rows)) if (row) setStop(row, row === current);
    if (!list.contains(document.activeElement)) select(visiblePosts().at(-1));
  };

  const onFocus = (event) => {
    const row = event.target.closest("[data-post]");
    if (row) select(row);
  };
  const onKeydown = (event) => {
    const row = event.target.closest("[data-post]");
    if (!row || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.matches("input, textarea") || row.querySelector("[data-menu][open]")) return;
    const rows = visiblePosts();
    const index = rows.indexOf(row);
    const next = rows[{ ArrowUp: index - 1, ArrowDown: index + 1, Home: 0, End: rows.length - 1 }[event.key]];
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  list.addEventListener("focusin", onFocus, { signal });
  list.addEventListener("keydown", onKeydown, { signal });

  root.tabIndex = -1; // without scripts, the arrow keys scroll it
  for (const row of postsIn(list)) setStop(row, false);
  select(visiblePosts().at(-1));
  const observer = new MutationObserver(update);
  observer.observe(list, { childList: true, characterData: true, subtree: true });
  return () => {
    controller.abort();
    observer.disconnect();
  };
}
