// Decisions of the conversation that need no browser. A post is { id, author, time (milliseconds), isReply, isRemoved }.

import { cleanText } from "../clean-text.js";

const GROUP_MS = 5 * 60 * 1000; // the server groups posts by the same rule
const END_PIXELS = 40; // distance from the newest post that still counts as the end
const COUNTER_FROM = 40; // remaining characters from which the composer shows their number

/** Return whether `post` continues `previous` (or null), so that it is shown without picture and name. */
export function continuesPost(previous, post) {
  return (
    previous !== null &&
    previous.author === post.author &&
    !post.isReply &&
    !post.isRemoved &&
    !previous.isRemoved &&
    post.time - previous.time < GROUP_MS
  );
}

/**
 * Return what to change in `rows`, in order, each { day } or { post } or {} for another element: one object per row with
 * `isRepeated` for a day separator that repeats the one before it, and `continues` for a post.
 */
export function groupRows(rows) {
  let currentDay = null;
  let previous = null;
  return rows.map(({ day, post }) => {
    if (day) {
      const isRepeated = day === currentDay;
      if (!isRepeated) previous = null;
      currentDay = day;
      return { isRepeated };
    }
    const continues = post ? continuesPost(previous, post) : false;
    previous = post ?? null;
    return { continues };
  });
}

/**
 * Return the index in `ids`, which ascend, before which to insert the post `id`. Return null if its part of the
 * conversation is not loaded: there are older posts above (`hasOlder`) or the newest ones are not shown (`showsEnd`).
 */
export function insertionIndex(ids, id, { hasOlder, showsEnd }) {
  const index = ids.findIndex((other) => other > id);
  if (index === -1) return showsEnd ? ids.length : null;
  return index === 0 && hasOlder ? null : index;
}

/** Return whether the newest post is in view. `scrollTop` is 0 at the end, and negative above it. */
export function isAtEnd(scrollTop, showsEnd) {
  return showsEnd && Math.abs(scrollTop) < END_PIXELS;
}

/** Return the text of the notice and its action (`reload`, `newest` or null), or null to hide it. */
export function noticeFor({ mustReload, isOffline, unseen }, texts) {
  if (mustReload) return { text: texts.reload, action: "reload" };
  if (isOffline) return { text: texts.offline, action: null };
  if (unseen === 0) return null;
  return { text: unseen === 1 ? texts.newOne : texts.newMany.replace("%s", unseen), action: "newest" };
}

/** Return the number of characters left, counted as the server does, and whether the composer shows it. */
export function remainingCharacters(text, limit) {
  const left = limit - [...cleanText(text)].length;
  return { left, isShown: left <= COUNTER_FROM, isOver: left < 0 };
}

/** Return the revision in an ETag, which a proxy may have made weak. */
export function revisionOf(etag) {
  return Number(etag.replace(/^W\//, "").replaceAll('"', ""));
}

/** Return whether the keydown `event` sends a post. */
export function isSendKey({ key, shiftKey, isComposing, keyCode }) {
  // 229: the key confirms a word of an input method. In Safari, `isComposing` is already false then.
  return key === "Enter" && !shiftKey && !isComposing && keyCode !== 229;
}

/** Return the outcome of the request that sent a post: posted, refused, signed out, missing (its room) or unsent. */
export function outcomeOf({ status, redirected }) {
  if (redirected) return "signed out";
  return { 201: "posted", 403: "refused", 404: "missing", 422: "refused" }[status] ?? "unsent";
}
