// Points out mentions of names that nobody in the room has, while the user types and at the latest before a post is sent.

import { mentionAt, namesIn } from "./mention-text.js";
import { parseFragment, post } from "./request.js";

const WAIT = 600; // milliseconds without a key press
const TIMEOUT = 2000; // milliseconds that a post waits for the check

/** Create the check of `field` until `signal` aborts. `notice` shows its result, and its `data-mentions` is a URL. */
export function createMentionCheck(field, notice, signal) {
  let checked = ""; // the names that the notice is about
  let running = { names: "", result: null };
  let timer = 0;

  const currentNames = () => namesIn(field.value).join(" ");

  const run = async (names) => {
    const response = names ? await post(notice.dataset.mentions, { body: field.value }).catch(() => null) : null;
    const html = response?.status === 200 && !response.redirected ? response.text : "";
    if (currentNames() !== names) return false; // the user has typed further
    checked = names;
    notice.replaceChildren(...parseFragment(html).children);
    return html !== "";
  };

  /** Check the text, once for the same names. Resolves to whether the notice shows something new. */
  const check = () => {
    clearTimeout(timer);
    const names = currentNames();
    if (running.names !== names) running = { names, result: run(names) };
    return running.result;
  };

  const onInput = () => {
    clearTimeout(timer);
    const names = currentNames();
    if (names === "") check();
    else if (names !== checked) timer = setTimeout(() => mentionAt(field.value, field.selectionEnd) || check(), WAIT);
  };

  field.addEventListener("input", onInput, { signal });
  signal.addEventListener("abort", () => clearTimeout(timer));
  return {
    /** Return whether the text mentions names that have not been checked. */
    isNeeded: () => currentNames() !== checked,

    /** Check the text before it is posted. Resolves to whether the user should first read the notice. */
    run: () => Promise.race([check(), new Promise((resolve) => setTimeout(resolve, TIMEOUT, false))]),
  };
}
