import assert from "node:assert/strict";
import { test } from "node:test";

import "./page.js";
import * as words from "../../layers/web/static/core/words.js";

test("a sentence takes its values as text, and leaves a place without one as it is", () => {
  assert.equal(words.translate("siting_plan", { number: 3 }), "方案3");
  assert.equal(words.translate("siting_plan", { number: "<b>{number}</b>" }), "方案<b>{number}</b>");
  assert.equal(words.translate("siting_plan"), "方案{number}");
});

test("figures have the decimals that are asked for, and a dash where nothing is known", () => {
  assert.equal(words.figure(1234.567), "1,234.6");
  assert.equal(words.figure(1234.567, 0), "1,235");
  assert.equal(words.figure(0, 2), "0.00");
  assert.equal(words.figure(null), "—");
  assert.equal(words.figure(undefined), "—");
  assert.equal(words.whole(362_288.6), "362,289");
  assert.equal(words.whole(null), "—");
});

test("almost all is not written as all, and all is", () => {
  assert.equal(words.percent(0.5), "50.0%");
  // 99.96% would be rounded to 100.0%.
  assert.equal(words.percent(0.9996), "99.9%");
  assert.equal(words.percent(0.9994), "99.9%");
  assert.equal(words.percent(1), "100.0%");
  assert.equal(words.percent(1.25), "125.0%");
  assert.equal(words.percent(0), "0.0%");
  assert.equal(words.percent(null), "—");
});

test("a term has its label, and stands for itself where there is none", () => {
  assert.equal(words.label("kind", "library"), "图书馆");
  assert.equal(words.label("kind", "unheard_of"), "unheard_of");
  assert.equal(words.label("no_vocabulary", "x"), "x");
  assert.equal(words.label("kind", null), "");
});

test("what coverage is computed for is a kind, or any of a group", () => {
  assert.equal(words.targetName("hall", null), "任一展馆");
  assert.equal(words.targetName("public_venue", "library"), "图书馆");
  assert.equal(words.targetId({ group: "hall", kind: null }), "any-hall");
  assert.equal(words.targetId({ group: "public_venue", kind: "library" }), "library");
});

test("brackets, marks and units are those of the language", () => {
  assert.equal(words.bracket("a"), "（a）");
  assert.equal(words.CLAUSE_MARK, "；");
  assert.equal(words.LIST_MARK, "、");
  assert.equal(words.squareMetres(12.34), "12.3 m²");
  assert.equal(words.squareMetres(null), "不明");
  assert.equal(words.localised({ unit_zh: "人", unit_en: "people" }, "unit"), "人");
});

test("a study states what its figures rest on", () => {
  const study = /** @type {Study} */ ({
    on: "2025-12-31",
    caliber: "B",
    scope: "all",
    denominator: { id: "x", zh: "常住人口", en: "residents", quality: "census", basis: null },
  });
  assert.equal(words.basisText(study), "2025-12-31 · 核定 · 属地 · 常住人口（普查）");
});
