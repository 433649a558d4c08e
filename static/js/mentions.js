// Mentions in a text that is being written. Names that nobody in the room has are pointed out while the user types, and at
// the latest before a post is sent.

import { parseFragment, post } from "./request.js";

const AT_CARET = /(?:^|[^A-Za-z0-9_@+-])@([\p{L}\p{M}\p{N}._-]{0,20})$/u;
const MENTIONS = /(?:^|[^A-Za-z0-9_@+-])@([A-Za-z0-9][A-Za-z0-9._-]{2,19})/g;
const WAIT = 600; // milliseconds without a key press
const TIMEOUT = 2000; // milliseconds that a post waits for the check

/** Return the mention that ends at `caret` in `text`, { start, query }, or null. */
export function mentionAt(text, caret) {
  const match = AT_CARET.exec(text.slice(0, caret));
  if (!match || /^[\p{L}\p{N}_]/u.test(text.slice(caret))) return null; // the caret is inside a word
  return { start: caret - match[1].length - 1, query: match[1] };
}

/** Return what to insert for a mention of `name` that ends at `caret` in `text`: with a space, unless a sign follows. */
export function completedMention(name, text, caret) {
  return /^[\s.,;:!?)]/.test(text.slice(caret)) ? `@${name}` : `@${name} `;
}

/** Return the names that `text` may mention, in lower case. The server decides which of them exist. */
export function namesIn(text) {
  return [...text.matchAll(MENTIONS)].map((match) => match[1].toLowerCase());
}

/** Return the index of the option that `key` moves to from `index` among `count`; -1 means none. */
export function movedOption(key, index, count) {
  if (key === "ArrowDown") return index + 1 === count ? 0 : index + 1;
  return index <= 0 ? count - 1 : index - 1;
}

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
