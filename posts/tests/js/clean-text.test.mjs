// Unit tests of the cleaning of text, with the same table as accounts/tests/test_text.py. Run by posts/tests/test_scripts.py.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { cleanText } from "../../../static/js/clean-text.js";
import { remainingCharacters } from "../../../static/js/conversation/rules.js";

const CLEANED = JSON.parse(readFileSync(new URL("../../../accounts/tests/clean_text.json", import.meta.url)));

for (const [text, expected] of CLEANED) {
  test(`cleaning ${JSON.stringify(text).slice(0, 60)}`, () => {
    assert.equal(cleanText(text), expected);
    assert.equal(remainingCharacters(text, 140).left, 140 - [...expected].length);
  });
}
