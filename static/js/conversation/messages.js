// Messages above the composer: a notice as long as there is no connection or the page must be reloaded, and a short status.

import { noticeFor } from "./rules.js";

const SHOWN_MS = 4000; // milliseconds for which a status is shown

/** Create the notice in `element`. `update` shows a changed state. */
export function createNotice(element, { texts, reload }) {
  const state = { mustReload: false, isOffline: false };

  const update = (changes) => {
    Object.assign(state, changes);
    const notice = noticeFor(state, texts);
    if (element.textContent === (notice?.text ?? "")) return; // a focused button stays focused
    element.replaceChildren();
    element.hidden = notice === null;
    if (notice) element.append(render(notice.text, notice.reloads && reload));
  };

  return { update };
}

/** Create the status in `element`, until `signal` aborts. `show(text)` shows a text such as "Link copied". */
export function createStatus(element, signal) {
  let timer = 0;
  const hide = () => {
    element.hidden = true;
    element.replaceChildren();
  };
  signal.addEventListener("abort", () => clearTimeout(timer));
  return {
    show(text) {
      element.replaceChildren(render(text));
      element.hidden = false;
      clearTimeout(timer);
      timer = setTimeout(hide, SHOWN_MS);
    },
  };
}

/** Return an element with `text`: a button if a click calls `onClick`. */
function render(text, onClick) {
  const part = document.createElement(onClick ? "button" : "span");
  part.className = "btn btn-primary rounded-pill shadow pe-auto";
  part.textContent = text;
  if (onClick) {
    part.type = "button";
    part.addEventListener("click", onClick);
  }
  return part;
}
