// Unit tests of the rules of new passwords. Run by posts/tests/test_scripts.py.

import assert from "node:assert/strict";
import { test } from "node:test";

import { isLongEnough, isSimilar } from "../../../static/js/password-rules.js";

test("a password needs ten characters", () => {
  assert.equal(isLongEnough("123456789"), false);
  assert.equal(isLongEnough("1234567890"), true);
  assert.equal(isLongEnough("🦊".repeat(9)), false);
  assert.equal(isLongEnough("a\u0308".repeat(9)), false);
});

// `accounts/tests/test_registration_passwords.py` checks that the server agrees.
for (const [password, name, expected] of [
  ["robin.hood1", "robin.hood", true],
  ["ROBIN.HOOD1", "robin.hood", true],
  ["hood.robin", "robin.hood", true],
  ["robinhood12", "robinhood@school.example", true],
  ["correct horse", "robin.hood", false],
  ["purple-lamp-42", "", false],
  ["a".repeat(40), "aaa", false],
]) {
  test(`${password} is ${expected ? "" : "not "}similar to ${name}`, () => {
    assert.equal(isSimilar(password, ["", name]), expected);
  });
}
