import assert from "node:assert/strict";
import { test } from "node:test";

import * as filters from "../../layers/web/static/core/filters.js";

const gap = (/** @type {Partial<Gap>} */ values) =>
  /** @type {Gap} */ ({
    target_id: "any-hall",
    kind: null,
    township_code: "1",
    population: 10,
    audiences: { youth: 4, farmers: null },
    ...values,
  });
const ids = (/** @type {Gap[]} */ rows) => rows.map((row) => row.gap_id);

test("targets are those of the group, groups before kinds, else in the study's order", () => {
  const rows = /** @type {CoverageRow[]} */ ([
    { group: "hall", kind: "museum" },
    { group: "base", kind: null },
    { group: "hall", kind: null },
    { group: "hall", kind: "gallery" },
  ]);
  const named = (/** @type {string} */ group) =>
    filters.targetsOf(rows, group).map((row) => row.kind ?? row.group);
  assert.deepEqual(named("hall"), ["hall", "museum", "gallery"]);
  assert.deepEqual(named(""), ["base", "hall", "museum", "gallery"]);
  assert.deepEqual(named("school"), []);
});

test("a facility without a position has no sign, nor has one of another group or a hidden layer", () => {
  const feature = (/** @type {string} */ id, /** @type {string} */ group, geometry = {}) =>
    /** @type {FacilityFeature} */ (/** @type {unknown} */ ({ id, geometry, properties: { group } }));
  const nowhere = /** @type {any} */ ({ id: "d", geometry: null, properties: { group: "hall" } });
  const features = [feature("a", "hall"), feature("b", "base"), feature("c", "hall"), nowhere];
  const shown = (/** @type {string} */ group, /** @type {string[]} */ layers) =>
    filters.shownFacilities(features, group, (name) => layers.includes(name)).map((item) => item.id);
  assert.deepEqual(shown("", ["hall", "base"]), ["a", "b", "c"]);
  assert.deepEqual(shown("hall", ["hall", "base"]), ["a", "c"]);
  assert.deepEqual(shown("", ["base"]), ["b"]);
  assert.deepEqual(shown("hall", ["base"]), []);
});

test("where none of an audience is left out there is no gap of theirs; unknown is not none", () => {
  const rows = [
    gap({ gap_id: "a" }),
    gap({ gap_id: "b", audiences: { youth: 0, farmers: 2 } }),
    gap({ gap_id: "c", target_id: "library" }),
  ];
  assert.deepEqual(ids(filters.shownGaps(rows, { gap: "any-hall", audience: "" })), ["a", "b"]);
  assert.deepEqual(ids(filters.shownGaps(rows, { gap: "any-hall", audience: "youth" })), ["a"]);
  assert.deepEqual(ids(filters.shownGaps(rows, { gap: "any-hall", audience: "farmers" })), ["a", "b"]);
  assert.deepEqual(ids(filters.shownGaps(rows, { gap: "", audience: "" })), []);
});

test("the largest gaps are ranked by the people who are counted", () => {
  const rows = [
    gap({ gap_id: "a", population: 30, audiences: { youth: 1 } }),
    gap({ gap_id: "b", population: 20, audiences: { youth: 9 } }),
    gap({ gap_id: "c", population: 0, audiences: { youth: 0 } }),
    gap({ gap_id: "d", population: 40, audiences: { youth: null } }),
  ];
  assert.deepEqual(ids(filters.largestGaps(rows, { gap: "any-hall", audience: "" }, 10)), ["d", "a", "b"]);
  assert.deepEqual(ids(filters.largestGaps(rows, { gap: "any-hall", audience: "youth" }, 10)), ["b", "a"]);
  assert.deepEqual(ids(filters.largestGaps(rows, { gap: "any-hall", audience: "" }, 2)), ["d", "a"]);
  assert.equal(filters.peopleIn(rows[1], "youth"), 9);
  assert.equal(filters.peopleIn(rows[1], ""), 20);
});

test("a township's gaps are of single kinds, with somebody in them", () => {
  const rows = [
    gap({ gap_id: "a" }),
    gap({ gap_id: "b", kind: "library" }),
    gap({ gap_id: "c", kind: "museum", population: 0 }),
    gap({ gap_id: "d", kind: "park", township_code: "2" }),
    gap({ gap_id: "e", kind: "cinema" }),
  ];
  assert.deepEqual(ids(filters.gapsOfTownship(rows, "1", 4)), ["b", "e"]);
  assert.deepEqual(ids(filters.gapsOfTownship(rows, "1", 1)), ["b"]);
});
