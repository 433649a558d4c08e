// Decisions of the conversation that need no browser. A post is { id, author, time (milliseconds), isReply, isRemoved,
// isHidden }.

import { cleanText } from "../clean-text.js";

const GROUP_MS = 5 * 60 * 1000; // the server groups posts by the same rule
const END_PIXELS = 40; // distance from the newest post that still counts as the end
const MARK_MS = 30_000; // milliseconds between two marks of read posts
const COUNTER_FROM = 20; // remaining characters from which the composer shows their number
const UNDO_MS = 10_000;
const UNDO_HELD_MS = 60_000; // the server allows it for as long

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
 * `isRepeated` for a day separator that repeats the one before it, `isEmpty` for one without visible posts, and `continues`
 * for a post.
 */
export function groupRows(rows) {
  let currentDay = null;
  let separator = { isEmpty: false };
  let previous = null;
  return rows.map(({ day, post }) => {
    if (day && day === currentDay) return { isRepeated: true };
    if (day) {
      currentDay = day;
      previous = null;
      separator = { isRepeated: false, isEmpty: true };
      return separator;
    }
    if (post?.isHidden) return { continues: false };
    if (post) separator.isEmpty = false;
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

/** Return the text of the notice and whether it is a button that reloads the page, or null to hide it. */
export function noticeFor({ mustReload, isOffline }, texts) {
  if (mustReload) return { text: texts.reload, reloads: true };
  return isOffline ? { text: texts.offline, reloads: false } : null;
}

/**
 * Return the milliseconds until posts that were seen are marked as read. The last mark was sent at `sentAt`; `random` is
 * between 0 and 1, so that the pages of a school do not all send one after the same post. The mark of a post that notifies
 * its reader also clears the notification: it is sent within `spread` milliseconds.
 */
export function markDelay({ now, sentAt, isNotified, spread, random }) {
  if (isNotified) return random * spread;
  return Math.max(sentAt + MARK_MS - now, random * MARK_MS);
}

/** Return the number of characters left, counted as the server does, and whether the composer shows it. */
export function remainingCharacters(text, limit) {
  const left = limit - [...cleanText(text)].length;
  return { left, isShown: left <= COUNTER_FROM, isOver: left < 0 };
}

/**
 * Return in how many milliseconds the offer to undo a deletion ends, `elapsed` milliseconds after it. It stays longer
 * while it is held: while it has the focus or the pointer.
 */
export function undoEndsIn(elapsed, isHeld) {
  return Math.max(0, (isHeld ? UNDO_HELD_MS : UNDO_MS) - elapsed);
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
  return { 201: "posted", 403: "refused", 404: "missing", 422: "refused", 429: "refused" }[status] ?? "unsent";
}
