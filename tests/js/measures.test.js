import assert from "node:assert/strict";
import { test } from "node:test";

import "./page.js";
import { classOf, measureNames, measureOf } from "../../layers/web/static/map/measures.js";

const study = /** @type {Study} */ (
  /** @type {unknown} */ ({
    district: {
      target_area_per_10k_m2: 160,
      coverage: [
        { group: "hall", kind: null },
        { group: "public_venue", kind: "library" },
      ],
    },
  })
);
const view = (/** @type {Partial<View>} */ values) => /** @type {View} */ ({ measure: "", gap: "", ...values });
const row = (/** @type {object} */ values) =>
  /** @type {TownshipFigures} */ (
    /** @type {unknown} */ ({ coverage_rate: {}, coverage_rate_by_kind: {}, is_lower_bound: false, ...values })
  );
const colourOf = (/** @type {Measure} */ measure, /** @type {TownshipFigures} */ values) =>
  classOf(measure, values)?.colour ?? null;

test("class breaks are shares of the target: 0, 80 and 160 m² of 160", () => {
  const measure = measureOf(study, view({}));
  assert.deepEqual(
    measure.classes.map(({ low, high, isTarget, isMet }) => [low, high, isTarget, isMet]),
    [
      [0, 80, false, false],
      [80, 160, false, false],
      [160, null, true, true],
    ],
  );
  assert.deepEqual(measure.classes.map(measure.range), ["0 – 80", "80 – 160", "≥ 160"]);
  assert.equal(measure.target, "160 m² · 目标");
});

test("a value on a break belongs to the class above it", () => {
  const measure = measureOf(study, view({}));
  const at = (/** @type {number | null} */ value) => colourOf(measure, row({ area_per_10k_m2: value }));
  assert.equal(at(0), "#a00000");
  assert.equal(at(79.999), "#a00000");
  assert.equal(at(80), "#b00000");
  assert.equal(at(159.999), "#b00000");
  assert.equal(at(160), "#00c000");
  assert.equal(at(1e6), "#00c000");
  assert.equal(at(null), null);
  assert.equal(at(-1), null);
});

test("a lower bound says so, and no value is a dash", () => {
  const measure = measureOf(study, view({}));
  assert.equal(measure.text(row({ area_per_10k_m2: 140.4 })), "140");
  assert.equal(measure.text(row({ area_per_10k_m2: 140.4, is_lower_bound: true })), "≥140");
  assert.equal(measure.text(row({ area_per_10k_m2: null, is_lower_bound: true })), "—");
});

test("accessible area has a value and a bound of its own", () => {
  const measure = measureOf(study, view({ measure: "accessible" }));
  const values = { accessible_area_per_10k_m2: 90, accessible_is_lower_bound: true, area_per_10k_m2: 200 };
  assert.equal(colourOf(measure, row(values)), "#b00000");
  assert.equal(measure.text(row(values)), "≥90");
  assert.equal(measure.isOfPoints, undefined);
  assert.equal(measureOf(study, view({ measure: "surface" })).isOfPoints, true);
});

test("coverage is that of the view's target: any of a group, or a kind", () => {
  const values = row({ coverage_rate: { hall: 0.9 }, coverage_rate_by_kind: { library: 0.25 } });
  const any = measureOf(study, view({ measure: "coverage", gap: "any-hall" }));
  assert.equal(any.title, "覆盖率：任一展馆");
  assert.equal(any.value(values), 0.9);
  assert.equal(any.text(values), "90.0%");
  assert.equal(colourOf(any, values), "#000003");
  assert.deepEqual(any.classes.map(any.range), ["0% – 50%", "50% – 90%", "≥ 90%"]);
  const kind = measureOf(study, view({ measure: "coverage", gap: "library" }));
  assert.equal(kind.value(values), 0.25);
  assert.equal(colourOf(kind, values), "#000001");
});

test("coverage of nothing, or without a figure, has no value", () => {
  const none = measureOf(study, view({ measure: "coverage", gap: "" }));
  assert.equal(none.title, "覆盖率：—");
  assert.equal(none.value(row({ coverage_rate: { hall: 1 } })), null);
  const any = measureOf(study, view({ measure: "coverage", gap: "any-hall" }));
  assert.equal(any.value(row({})), null);
  assert.equal(any.text(row({})), "—");
});

test("a measure that nobody knows is the headline", () => {
  for (const name of ["nonsense", "<img>"]) {
    assert.equal(measureOf(study, view({ measure: name })).name, "每万人展厅面积");
  }
  assert.deepEqual(
    measureNames().map(([name]) => name),
    ["", "accessible", "coverage", "surface"],
  );
});
