import assert from "node:assert/strict";
import { test } from "node:test";

import "./page_en.js";
import { lang } from "../../layers/web/static/core/settings.js";
import * as words from "../../layers/web/static/core/words.js";

test("the address chooses the language before the page does", () => {
  assert.equal(lang, "en");
  assert.equal(words.label("kind", "library"), "libraries");
  assert.equal(words.targetName("hall", null), "any of halls");
  assert.equal(words.bracket("a"), " (a)");
  assert.equal(words.CLAUSE_MARK, "; ");
  assert.equal(words.localised({ unit_zh: "人", unit_en: "people" }, "unit"), "people");
  assert.equal(words.figure(1234.5, 1), "1,234.5");
});
