// Deletes the user's own posts without a question, and offers to undo it.

import { parseFragment, post } from "../request.js";
import { undoEndsIn } from "./rules.js";

/**
 * Connect the links in `list` that delete the user's own posts. `notice` offers to undo the last deletion,
 * `receive(fragment)` shows changed rows, and `focus()` focuses the conversation. Return a function that disconnects them.
 */
export function connect(list, notice, { receive, focus }) {
  const controller = new AbortController();
  const { signal } = controller;
  const offer = notice.querySelector("[data-undo-offer]");
  const button = offer.querySelector("button");
  const problem = notice.querySelector("[data-undo-problem]");
  let deleted = null; // { url, at, id }
  let timer = 0;

  const hide = () => {
    clearTimeout(timer);
    if (notice.contains(document.activeElement)) focus();
    offer.hidden = true;
    problem.hidden = true;
  };

  /** Hide the offer when its time is over. */
  const schedule = () => {
    clearTimeout(timer);
    if (offer.hidden) return;
    timer = setTimeout(hide, undoEndsIn(Date.now() - deleted.at, notice.matches(":hover, :focus-within")));
  };

  /** Change a post with a request to `url`. Resolves to whether it was changed, and otherwise shows the reason. */
  const change = async (url) => {
    hide();
    const response = await post(url, {}).catch(() => null);
    const fragment = parseFragment(response?.text ?? "");
    if (response?.ok && fragment.querySelector("[data-post]")) {
      receive(fragment);
      return true;
    }
    const reason = fragment.querySelector("[data-errors] p");
    problem.textContent = reason?.textContent ?? problem.dataset.text;
    problem.hidden = false;
    return false;
  };

  const onDelete = async (event) => {
    const link = event.target.closest("[data-delete-link]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    link.closest("[data-menu]").open = false;
    const { id } = link.closest("[data-post]");
    const at = Date.now();
    if (!(await change(link.href))) return;
    deleted = { url: new URL("../restore/", link.href), at, id };
    offer.hidden = false;
    if (event.detail === 0) button.focus(); // chosen with the keyboard
    else focus();
    schedule();
  };

  const onUndo = async () => {
    if (await change(deleted.url)) document.getElementById(deleted.id)?.focus();
  };

  list.addEventListener("click", onDelete, { signal });
  button.addEventListener("click", onUndo, { signal });
  for (const type of ["pointerenter", "pointerleave", "focusin"]) notice.addEventListener(type, schedule, { signal });
  notice.addEventListener("focusout", () => setTimeout(schedule), { signal }); // when the focus has moved
  return () => {
    controller.abort();
    hide();
  };
}
