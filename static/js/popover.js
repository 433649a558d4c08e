// Shows a user's popover when the pointer hovers over a name, or on focus and tap. The server limits the content to
// what the viewer can see; it is fetched once. Meets WCAG 2.2, criterion 1.4.13: dismissible, hoverable, persistent.

import { place } from "./placement.js";
import { createFragmentCache, parseFragment } from "./request.js";

const OPEN_AFTER = 300; // milliseconds, so that a passing pointer opens nothing
const CLOSE_AFTER = 250; // milliseconds to move the pointer from the name into the popover

/** Connect the names in `root`, a document. Return a function that disconnects them. */
export function connect(root) {
  const controller = new AbortController();
  const { signal } = controller;
  const fetchFragment = createFragmentCache();
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
    name.removeAttribute("aria-describedby");
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
    document.querySelector("#main").append(tip); // inside a landmark
    name.setAttribute("aria-describedby", tip.id);
    shown = { name, tip };
    update();
  };

  const update = () => {
    if (shown && !place(shown.tip, shown.name)) hide();
  };

  const later = (task, delay) => {
    clearTimeout(timer);
    timer = setTimeout(task, delay);
  };
  const nameAt = (event) => (event.target instanceof Element ? event.target.closest("[data-popover]") : null);
  const isInTip = (node) => Boolean(shown && node instanceof Node && shown.tip.contains(node));

  const on = (type, listener, options) => root.addEventListener(type, listener, { signal, ...options });

  on("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const name = nameAt(event);
    if (name !== dismissed) dismissed = null;
    if (name && name !== dismissed) {
      wanted = name;
      later(() => show(name), OPEN_AFTER);
    } else if (isInTip(event.target)) clearTimeout(timer);
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
    if (!name || !isTouch || event.metaKey || event.ctrlKey || shown?.name === name) return; // a second tap follows the link
    event.preventDefault();
    show(name);
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
