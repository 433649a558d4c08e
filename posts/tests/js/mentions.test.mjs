// Unit tests of mentions in a text that is being written. Run by posts/tests/test_scripts.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import { completedMention, mentionAt, movedOption, namesIn } from "../../../static/js/mentions.js";

for (const [text, start, query] of [
  ["@", 0, ""],
  ["@ki", 0, "ki"],
  ["Hello @Kim", 6, "Kim"],
  ["(@ki", 1, "ki"],
  ["one\n@ki", 4, "ki"],
  ["早上好@Зо", 3, "Зо"],
  ["@ms.ha", 0, "ms.ha"],
]) {
  test(`“${text}” ends with a mention`, () => assert.deepEqual(mentionAt(text, text.length), { start, query }));
}

for (const text of ["", "kim", "sam@school", "@kim ", "@@", `@${"x".repeat(21)}`, "a+@x"]) {
  test(`“${text}” does not end with a mention`, () => assert.equal(mentionAt(text, text.length), null));
}

test("mention ends at the caret, which is not inside a word", () => {
  assert.deepEqual(mentionAt("Ask @ki, please", 7), { start: 4, query: "ki" });
  assert.equal(mentionAt("Ask @kim", 7), null);
});

test("completed mention is followed by one space", () => {
  assert.equal(completedMention("kim", "@k", 2), "@kim ");
  assert.equal(completedMention("kim", "@k again", 2), "@kim");
  assert.equal(completedMention("kim", "@k, hello", 2), "@kim");
});

test("names of a text are those that it may mention", () => {
  assert.deepEqual(namesIn("@Kim, ask @ms.hale. Not sam@x.example or @ab"), ["kim", "ms.hale."]);
});

test("arrow keys move through the options and around", () => {
  assert.deepEqual(["ArrowDown", "ArrowUp"].map((key) => movedOption(key, -1, 3)), [0, 2]);
  assert.deepEqual(["ArrowDown", "ArrowUp"].map((key) => movedOption(key, 2, 3)), [0, 1]);
  assert.equal(movedOption("ArrowUp", 0, 3), 2);
});
