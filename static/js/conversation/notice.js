// The notice above the composer: no connection, or a page that must be reloaded.

import { noticeFor } from "./rules.js";

/** Create the notice in `element`. `update` shows a changed state. */
export function createNotice(element, { texts, reload }) {
  const state = { mustReload: false, isOffline: false };

  const update = (changes) => {
    Object.assign(state, changes);
    const notice = noticeFor(state, texts);
    if (element.textContent === (notice?.text ?? "")) return; // a focused button stays focused
    element.replaceChildren();
    element.hidden = notice === null;
    if (notice) element.append(render(notice));
  };

  const render = ({ text, reloads }) => {
    const part = document.createElement(reloads ? "button" : "span");
    part.className = "btn btn-primary rounded-pill shadow pe-auto";
    part.textContent = text;
    if (reloads) {
      part.type = "button";
      part.addEventListener("click", reload);
    }
    return part;
  };

  return { update };
}
