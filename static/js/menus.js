// Closes menus on Escape and on a click or focus elsewhere, and keeps menus of posts inside the window. A menu is a <details>
// element, so it opens and closes without a script.

import { place } from "./placement.js";

/** Connect the menus in `root`, a document. Return a function that disconnects them. */
export function connect(root) {
  const controller = new AbortController();
  const { signal } = controller;
  const openMenus = () => root.querySelectorAll("[data-menu][open]");

  /** Place `menu`, if a part of the page scrolls it, because that part would cut it off. */
  const update = (menu) => {
    const [summary, panel] = menu.children;
    if (menu.closest("[data-scroll]") && !place(panel, summary)) menu.open = false;
  };
  const onToggle = ({ target }) => {
    if (!target.matches("[data-menu]")) return;
    if (target.open) update(target);
    else delete target.lastElementChild.dataset.side; // hidden again until it is placed
  };
  const closeOthers = (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  };
  const onKeydown = (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      event.preventDefault();
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  };
  root.body.toggleAttribute("data-places-menus", true);
  signal.addEventListener("abort", () => root.body.removeAttribute("data-places-menus"));
  root.addEventListener("toggle", onToggle, { capture: true, signal });
  // A change of a post resets its menu.
  root.addEventListener("homeroom:changed", () => openMenus().forEach(update), { signal });
  root.addEventListener("scroll", () => openMenus().forEach(update), { capture: true, passive: true, signal });
  root.addEventListener("click", closeOthers, { signal });
  root.addEventListener("focusin", closeOthers, { signal });
  root.addEventListener("keydown", onKeydown, { signal });
  return () => controller.abort();
}
