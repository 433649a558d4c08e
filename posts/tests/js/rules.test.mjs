// Unit tests of the decisions of the conversation. Run by posts/tests/test_scripts.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  continuesPost,
  groupRows,
  insertionIndex,
  isAtEnd,
  isSendKey,
  noticeFor,
  outcomeOf,
  remainingCharacters,
  revisionOf,
  undoEndsIn,
} from "../../../static/js/conversation/rules.js";

const MINUTE = 60_000;
const post = (changes = {}) => ({ id: 1, author: "7", time: 0, isReply: false, isRemoved: false, ...changes });
const texts = { reload: "Reload", offline: "Offline" };

test("post by the same author within five minutes continues the previous post", () => {
  assert.equal(continuesPost(post(), post({ time: 5 * MINUTE - 1 })), true);
});

for (const [name, previous, next] of [
  ["first post", null, post()],
  ["post by another author", post(), post({ author: "8" })],
  ["post after five minutes", post(), post({ time: 5 * MINUTE })],
  ["post without a time", post(), post({ time: NaN })],
  ["reply", post(), post({ isReply: true })],
  ["removed post", post(), post({ isRemoved: true })],
  ["post after a removed post", post({ isRemoved: true }), post()],
]) {
  test(`${name} starts a group`, () => assert.equal(continuesPost(previous, next), false));
}

test("repeated day separator is removed and does not end a group", () => {
  const rows = [{ day: "2026-09-01" }, { post: post() }, { day: "2026-09-01" }, { post: post({ time: MINUTE }) }];

  assert.deepEqual(groupRows(rows), [
    { isRepeated: false, isEmpty: false },
    { continues: false },
    { isRepeated: true },
    { continues: true },
  ]);
});

test("hidden post neither ends a group nor fills a day", () => {
  const rows = [{ post: post() }, { post: post({ isRemoved: true, isHidden: true }) }, { post: post({ time: MINUTE }) }];
  const days = [{ day: "2026-09-01" }, { post: post({ isHidden: true }) }, { day: "2026-09-02" }, { post: post() }];

  assert.deepEqual(groupRows(rows).at(-1), { continues: true });
  assert.deepEqual(
    groupRows(days).map(({ isEmpty }) => isEmpty),
    [true, undefined, false, undefined],
  );
});

test("new day and unread line end a group", () => {
  const later = { post: post({ time: MINUTE }) };

  assert.deepEqual(groupRows([{ post: post() }, { day: "2026-09-02" }, later]).at(-1), { continues: false });
  assert.deepEqual(groupRows([{ post: post() }, {}, later]).at(-1), { continues: false });
  assert.deepEqual(groupRows([{ post: post() }, later]).at(-1), { continues: true });
});

for (const [name, ids, id, options, expected] of [
  ["in the middle", [1, 5, 9], 7, { hasOlder: true, showsEnd: false }, 2],
  ["at the end", [1, 5], 7, { hasOlder: true, showsEnd: true }, 2],
  ["nowhere if the newest posts are not loaded", [1, 5], 7, { hasOlder: false, showsEnd: false }, null],
  ["at the start", [5, 9], 2, { hasOlder: false, showsEnd: true }, 0],
  ["nowhere if older posts are not loaded", [5, 9], 2, { hasOlder: true, showsEnd: true }, null],
  ["into an empty list", [], 2, { hasOlder: false, showsEnd: true }, 0],
]) {
  test(`post is inserted ${name}`, () => assert.equal(insertionIndex(ids, id, options), expected));
}

test("end is within 40 pixels of the newest post", () => {
  assert.equal(isAtEnd(0, true), true);
  assert.equal(isAtEnd(-39, true), true);
  assert.equal(isAtEnd(-40, true), false);
  assert.equal(isAtEnd(0, false), false);
});

test("notice shows the most important state", () => {
  assert.equal(noticeFor({ mustReload: false, isOffline: false }, texts), null);
  assert.deepEqual(noticeFor({ mustReload: false, isOffline: true }, texts), { text: "Offline", reloads: false });
  assert.deepEqual(noticeFor({ mustReload: true, isOffline: true }, texts), { text: "Reload", reloads: true });
});

for (const [name, changes, expected] of [
  ["Enter", {}, true],
  ["Shift+Enter", { shiftKey: true }, false],
  ["another key", { key: "a" }, false],
  ["Enter in an input method", { isComposing: true, keyCode: 229 }, false],
  ["Enter that confirms a word in Safari", { keyCode: 229 }, false],
]) {
  const event = { key: "Enter", shiftKey: false, isComposing: false, keyCode: 13, ...changes };
  test(`${name} ${expected ? "sends" : "does not send"} a post`, () => assert.equal(isSendKey(event), expected));
}

for (const [status, redirected, expected] of [
  [201, false, "posted"],
  [200, true, "signed out"],
  [403, false, "refused"],
  [422, false, "refused"],
  [429, false, "refused"],
  [404, false, "missing"],
  [200, false, "unsent"],
  [400, false, "unsent"],
  [413, false, "unsent"],
  [500, false, "unsent"],
  [503, false, "unsent"],
]) {
  test(`post with the response ${status} is ${expected}`, () => assert.equal(outcomeOf({ status, redirected }), expected));
}

test("characters are counted by code point without surrounding space", () => {
  assert.deepEqual(remainingCharacters("x".repeat(119), 140), { left: 21, isShown: false, isOver: false });
  assert.deepEqual(remainingCharacters("  😀😀 ", 22), { left: 20, isShown: true, isOver: false });
  assert.deepEqual(remainingCharacters("x".repeat(143), 140), { left: -3, isShown: true, isOver: true });
});

test("offer to undo a deletion ends after 10 seconds, or 60 while it is held", () => {
  assert.deepEqual([0, 9_000, 12_000].map((elapsed) => undoEndsIn(elapsed, false)), [10_000, 1000, 0]);
  assert.deepEqual([0, 12_000, 61_000].map((elapsed) => undoEndsIn(elapsed, true)), [60_000, 48_000, 0]);
});

test("revision is read from strong and weak ETags", () => {
  assert.equal(revisionOf('"42"'), 42);
  assert.equal(revisionOf('W/"42"'), 42);
});
