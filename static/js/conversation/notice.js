// The notice above the composer: new posts, no connection, or a page that must be reloaded.

import { noticeFor } from "./rules.js";

/** Create the notice in `element`. `actions` are functions by name. `update` shows a changed state. */
export function createNotice(element, { texts, actions }) {
  const state = { mustReload: false, isOffline: false, unseen: 0 };

  const update = (changes) => {
    Object.assign(state, changes);
    const notice = noticeFor(state, texts);
    if (element.textContent === (notice?.text ?? "")) return; // a focused button stays focused
    element.replaceChildren();
    element.hidden = notice === null;
    if (notice) element.append(render(notice));
  };

  const render = ({ text, action }) => {
    const part = document.createElement(action ? "button" : "span");
    part.textContent = text;
    if (action) {
      part.type = "button";
      part.addEventListener("click", actions[action]);
    }
    return part;
  };

  return { update };
}
