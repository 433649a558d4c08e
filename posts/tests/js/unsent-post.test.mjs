// Unit tests of posts that are not sent yet. Run by posts/tests/test_scripts.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createToken, mergeUnsent } from "../../../static/js/conversation/unsent-post.js";

const unsent = (body, token, id = null) => ({ body, token, reply: id && { id, name: "kim", text: "Hello" } });

test("unsent posts are merged with all texts, the first token and the last reply", () => {
  assert.deepEqual(mergeUnsent([unsent("One ", "a", "1"), unsent("Two", "b", "2"), unsent("", "c")]), {
    body: "One \nTwo",
    token: "a",
    reply: { id: "2", name: "kim", text: "Hello" },
  });
});

test("unsent post alone is unchanged", () => {
  assert.deepEqual(mergeUnsent([unsent("One\n", "a")]), { body: "One\n", token: "a", reply: null });
  assert.deepEqual(mergeUnsent([unsent(" ", "a")]), { body: "", token: "a", reply: null });
});

test("tokens are different UUIDs of version 4", () => {
  assert.match(createToken(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.notEqual(createToken(), createToken());
});
