// Shows a user's popover when the pointer hovers over a name or picture, or on focus and tap. The server limits the content
// to what the viewer can see. Meets WCAG 2.2, criterion 1.4.13: dismissible, hoverable, persistent.

import { place } from "./placement.js";
import { createFragmentCache, parseFragment } from "./request.js";

const OPEN_AFTER = 300; // milliseconds, so that a passing pointer opens nothing
const CLOSE_AFTER = 250; // milliseconds to move the pointer from the name into the popover
const MAX_AGE = 5 * 60_000; // milliseconds until the content is fetched again

/** Connect the names in `root`, a document. Return a function that disconnects them. */
export function connect(root) {
  // Teachers see email addresses, and a projector must not show them.
  if (root.querySelector("[data-stop-presenting]")) return () => {};
  const controller = new AbortController();
  const { signal } = controller;
  const fetchFragment = createFragmentCache(MAX_AGE);
  let shown = null; // { name, tip }
  let wanted = null; // the name whose popover is shown or about to be shown
  let dismissed = null; // the name under the pointer when Escape was pressed
  let isReturningFocus = false;
  let timer = 0;

  const close = () => {
    if (!shown) return;
    const { name, tip } = shown;
    shown = null;
    const hadFocus = tip.contains(document.activeElement);
    name.removeAttribute("aria-expanded");
    tip.remove();
    isReturningFocus = true;
    if (hadFocus) name.focus();
    isReturningFocus = false;
  };

  const hide = () => {
    clearTimeout(timer);
    wanted = null;
    close();
  };

  const show = async (name) => {
    clearTimeout(timer);
    wanted = name;
    if (shown?.name === name) return;
    let html;
    try {
      html = await fetchFragment(name.dataset.popover);
    } catch {
      return;
    }
    if (wanted !== name || !name.isConnected) return;
    close();
    const tip = parseFragment(html).firstElementChild;
    name.after(tip); // so that the Tab key reaches its link next
    name.setAttribute("aria-expanded", "true");
    shown = { name, tip };
    update();
  };

  const update = () => {
    if (shown && !place(shown.tip, shown.name, postOf(shown.name) ?? shown.name)) hide();
  };

  const later = (task, delay) => {
    clearTimeout(timer);
    timer = setTimeout(task, delay);
  };
  const nameAt = (event) => (event.target instanceof Element ? event.target.closest("[data-popover]") : null);
  const postOf = (name) => name.closest("[data-post]");
  const isInTip = (node) => Boolean(shown && node instanceof Node && shown.tip.contains(node));

  const on = (type, listener, options) => root.addEventListener(type, listener, { signal, ...options });

  on("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const name = nameAt(event);
    if (name !== dismissed) dismissed = null;
    if (name && name !== dismissed) {
      wanted = name;
      later(() => show(name), OPEN_AFTER);
    } else if (isInTip(event.target) || (shown && postOf(shown.name)?.contains(event.target))) clearTimeout(timer);
    else if (wanted) later(hide, CLOSE_AFTER);
  });
  on("focusin", (event) => {
    const name = nameAt(event);
    if (name?.matches(":focus-visible") && !isReturningFocus) show(name);
    else if (wanted && !isInTip(event.target) && event.target !== wanted) hide();
  });

  let isTouch = false;
  on("pointerdown", (event) => {
    isTouch = event.pointerType === "touch";
    if (shown && !isInTip(event.target) && nameAt(event) !== shown.name) hide();
  });
  on("click", (event) => {
    const name = nameAt(event);
    if (!name || !isTouch || event.defaultPrevented || event.metaKey || event.ctrlKey) return;
    if (shown?.name === name) return; // a second tap follows the link
    event.preventDefault();
    show(name);
  });
  // After a reaction, the popover shows the new names.
  on("homeroom:popover", ({ target }) => {
    hide();
    if (target.dataset.popover) show(target);
  });
  on("keydown", (event) => {
    if (event.key !== "Escape" || !wanted) return;
    dismissed = wanted;
    hide();
  });
  window.addEventListener("resize", update, { signal });
  on("scroll", (event) => isInTip(event.target) || update(), { capture: true, passive: true });

  return () => {
    controller.abort();
    hide();
  };
}
