import assert from "node:assert/strict";
import { test } from "node:test";

import "./page.js";
import { figure } from "../../layers/web/static/core/words.js";
import { changeText } from "../../layers/web/static/panels/score_card.js";

test("a change has its sign, and is a dash where one of both is unknown", () => {
  const text = (/** @type {number | null} */ now, /** @type {number | null} */ before) =>
    changeText(now, before, (value) => figure(value, 1));
  assert.equal(text(12, 10), "+2.0");
  assert.equal(text(10, 12.5), "−2.5");
  assert.equal(text(10, 10), "±0.0");
  assert.equal(text(0, 0), "±0.0");
  assert.equal(text(null, 10), "—");
  assert.equal(text(10, null), "—");
});
