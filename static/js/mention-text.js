// Finds and changes mentions in a text that is being written. Needs no browser.

const AT_CARET = /(?:^|[^A-Za-z0-9_@+-])@([\p{L}\p{M}\p{N}._-]{0,20})$/u;
const MENTIONS = /(?:^|[^A-Za-z0-9_@+-])@([A-Za-z0-9][A-Za-z0-9._-]{2,19})/g;

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
