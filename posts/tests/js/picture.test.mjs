// Unit tests of the size of pictures. Run by posts/tests/test_scripts.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import { sizeWithin } from "../../../static/js/conversation/picture.js";

for (const [name, size, expected] of [
  ["wide picture", { width: 4000, height: 3000 }, { width: 1600, height: 1200 }],
  ["high picture", { width: 1000, height: 3200 }, { width: 500, height: 1600 }],
  ["small picture", { width: 300, height: 200 }, { width: 300, height: 200 }],
  ["line", { width: 16000, height: 1 }, { width: 1600, height: 1 }],
]) {
  test(`${name} fits into the limit and keeps its shape`, () => assert.deepEqual(sizeWithin(size, 1600), expected));
}
