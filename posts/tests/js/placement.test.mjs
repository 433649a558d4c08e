// Unit tests of the position of the popover. Run by posts/tests/test_scripts.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import { placement } from "../../../static/js/placement.js";

const view = { width: 1000, height: 600 };
const size = { width: 300, height: 200 };
const box = (left, top) => ({ left, top, width: 100, height: 20, bottom: top + 20 });

for (const [name, anchor, expected] of [
  ["below the name, centred", box(400, 300), { side: "below", top: 328, left: 300, arrow: 150 }],
  ["above a name near the bottom", box(400, 450), { side: "above", top: 242, left: 300, arrow: 150 }],
  ["inside the left edge", box(10, 300), { side: "below", top: 328, left: 8, arrow: 52 }],
  ["inside the right edge", box(890, 300), { side: "below", top: 328, left: 692, arrow: 248 }],
  ["with its arrow away from the corner", box(-45, 300), { side: "below", top: 328, left: 8, arrow: 20 }],
]) {
  test(`popover is placed ${name}`, () => assert.deepEqual(placement(anchor, anchor, size, view), expected));
}

for (const [name, top, bottom, expected] of [
  ["below the post of the name", 280, 360, { side: "below", top: 368 }],
  ["above the post of the name", 280, 480, { side: "above", top: 72 }],
  ["at the name in a post that fills the window", 20, 590, { side: "below", top: 328 }],
]) {
  test(`popover is placed ${name}`, () => {
    const { side, top: actual } = placement(box(400, 300), { top, bottom }, size, view);
    assert.deepEqual({ side, top: actual }, expected);
  });
}

test("popover that fits on neither side is placed on the larger one, inside the window", () => {
  const tall = { width: 300, height: 500 };

  assert.deepEqual(placement(box(400, 350), box(400, 350), tall, view), { side: "above", top: 8, left: 300, arrow: 150 });
  assert.deepEqual(placement(box(400, 250), box(400, 250), tall, view), { side: "below", top: 92, left: 300, arrow: 150 });
});
