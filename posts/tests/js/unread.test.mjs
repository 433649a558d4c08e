// Unit tests of the state of what is unread. Run by posts/tests/test_scripts.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import { markDelay } from "../../../static/js/conversation/rules.js";
import { countText, createUnread } from "../../../static/js/unread.js";

const ME = 7;
const OTHER = 8;
const HERE = 1;
const THERE = 2;

/** Return the state of a page that shows the room HERE, in which the user has read the posts up to 10. */
function create({ unread = 0, ...options } = {}) {
  const state = createUnread(ME);
  state.openRoom(HERE, { lastRead: 10, hasGap: false, newest: 10 + unread, unread, mentions: 0, ...options });
  state.setRooms([
    { id: HERE, newest: 10, unread: 99, mentions: 9 },
    { id: THERE, newest: 20, unread: 0, mentions: 0 },
  ]);
  return state;
}

test("new post by another user in another room counts once", () => {
  const state = create();
  for (const post of [20, 21, 21, 19]) state.addPost({ room: THERE, post, author: OTHER });

  assert.deepEqual(state.room(THERE), { newest: 21, unread: 1, mentions: 0 });
  assert.equal(state.newest(), 21);
  assert.deepEqual([state.unreadRooms(), state.hasOtherUnread()], [[THERE], true]);
});

test("own post moves its room up without counting", () => {
  const state = create();
  state.addPost({ room: THERE, post: 30, author: ME });

  assert.deepEqual(state.room(THERE), { newest: 30, unread: 0, mentions: 0 });
  assert.equal(state.hasOtherUnread(), false);
});

test("counts stop at 99+, and posts in rooms that are not listed are ignored", () => {
  const state = create();
  for (let post = 21; post < 150; post += 1) state.addPost({ room: THERE, post, author: OTHER });
  state.addPost({ room: 3, post: 900, author: OTHER });

  assert.equal(countText(state.room(THERE).unread), "99+");
  assert.equal(countText(99), "99");
  assert.equal(state.room(3), undefined);
});

test("list from the server changes other rooms, but not the room on screen", () => {
  const state = create({ unread: 3 });
  state.setRooms([
    { id: HERE, newest: 13, unread: 50, mentions: 2 },
    { id: THERE, newest: 25, unread: 4, mentions: 1 },
  ]);

  assert.equal(state.unseen(), 3);
  assert.equal(state.hasOtherUnread(), true);
  state.setRooms([]);
  assert.deepEqual([state.unreadRooms(), state.hasOtherUnread()], [[HERE], false]);
  state.setRooms([{ id: THERE, newest: 25, unread: 4, mentions: 1 }]);
  assert.deepEqual(state.room(THERE), { newest: 25, unread: 4, mentions: 1 });
});

test("posts that were on screen are read", () => {
  const state = create({ unread: 5 });
  state.see(12, [11, 12, 13, 14, 15]);

  assert.equal(state.unseen(), 3);
  assert.equal(state.toMark(), 12);
  assert.equal(state.setMarked(12), 10);
  assert.equal(state.toMark(), 0);
});

test("older posts that are on screen change nothing", () => {
  const state = create({ unread: 5 });
  state.see(9, [9, 11]);

  assert.deepEqual([state.unseen(), state.toMark()], [5, 0]);
});

test("posts after others that are not loaded are read only at the end", () => {
  const state = create({ unread: 50, hasGap: true });
  state.see(40, [40]);
  assert.deepEqual([state.unseen(), state.toMark()], [50, 0]);
  state.seeEnd(60);

  assert.deepEqual([state.unseen(), state.toMark()], [0, 60]);
});

test("more than 99 unread posts are not counted down", () => {
  const state = create({ unread: 100 });
  state.see(12, [11, 12]);

  assert.equal(countText(state.unseen()), "99+");
});

test("removed post is not counted, unless it was seen", () => {
  const state = create({ unread: 2 });
  state.see(11, [11, 12]);
  state.removePost(11);
  assert.equal(state.unseen(), 1);
  state.removePost(12);

  assert.equal(state.unseen(), 0);
});

test("mention in a post that was read is marked again", () => {
  const state = create({ mentions: 1 });
  state.seeEnd(10);

  assert.equal(state.toMark(), 10);
  assert.equal(state.room(HERE).mentions, 0);
});

test("page on which posts were marked as unread marks nothing as read", () => {
  const state = create({ unread: 5 });
  state.seeEnd(15);
  state.markUnread(14, [11, 12, 13, 14, 15]);
  state.see(16, [16]);
  state.seeEnd(17);

  assert.deepEqual([state.unseen(), state.toMark()], [2, 0]);
});

test("administrator who is not a member marks nothing as read", () => {
  const state = create({ lastRead: null });
  state.seeEnd(15);

  assert.equal(state.toMark(), 0);
});

test("listeners are called after changes until they are removed", () => {
  const state = create();
  const controller = new AbortController();
  let calls = 0;
  state.onChange(() => (calls += 1), controller.signal);
  state.setNotifications(3);
  state.seeEnd(10); // changes nothing
  controller.abort();
  state.setNotifications(4);

  assert.equal(calls, 1);
  assert.equal(state.notifications(), 4);
});

const delay = (changes) =>
  markDelay({ now: 100_000, sentAt: 90_000, isNotified: false, spread: 1000, random: 0.5, ...changes });

test("read marks are sent at most every 30 seconds", () => {
  assert.equal(delay({}), 20_000);
  assert.equal(delay({ random: 0.9 }), 27_000);
});

test("pages that have sent no mark for long do not send them at the same time", () => {
  assert.equal(delay({ sentAt: 0 }), 15_000);
});

test("mark of a post that notifies its reader is sent soon", () => {
  assert.equal(delay({ isNotified: true }), 500);
});
