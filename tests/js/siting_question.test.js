import assert from "node:assert/strict";
import { test } from "node:test";

import { FIELD_GOES_WITH, numberOf, questionOf } from "../../layers/web/static/siting/question.js";

const FIELDS = {
  question: "most_covered",
  count_base: "10",
  "mode:base": "foot",
  "minutes:base": "15",
  "settlement:base": "",
  "first_phase:base": "3",
  distance: "1000",
  per_township: "",
  share: "80",
  floor: "12.5",
  suitability: "",
  named_loss: "2",
  first_weight: "",
  time_limit: "60",
  budget: "",
  cost_host: "1.5",
  cost_village: "",
  cost_parcel: "",
  cost_search_area: "",
  grid: "1000",
};
const fields = (/** @type {Record<string, string>} */ values = {}, ticked = ["hosts", "villages"]) =>
  /** @type {FormFields} */ ({
    ...Object.fromEntries(
      Object.entries({ ...FIELDS, ...values }).map(([name, value]) => [name, { value, checked: false }]),
    ),
    ...Object.fromEntries(
      ["together", "hosts", "villages"].map((name) => [name, { value: name, checked: ticked.includes(name) }]),
    ),
  });
const choice = /** @type {SitingChoice} */ (
  /** @type {unknown} */ ({
    programmes: [{ kind: "base", audience: "farmers", count: 5, demand_settlement: "rural" }],
    candidates: { host_kinds: ["school"], villages: false, grid_m: 500, more: "kept" },
    required: ["r"],
    forbidden: ["f"],
  })
);
const picks = (/** @type {string[]} */ required = [], /** @type {string[]} */ forbidden = []) =>
  /** @type {Picks} */ ({
    required: new Map(required.map((id) => [id, id])),
    forbidden: new Map(forbidden.map((id) => [id, id])),
    exclusions: null,
    parcels: null,
  });

test("an empty field is no number, and zero is one", () => {
  assert.equal(numberOf({ value: "" }), null);
  assert.equal(numberOf({ value: "0" }), 0);
  assert.equal(numberOf({ value: "12.5" }), 12.5);
});

test("the form states a question; per cent become shares", () => {
  assert.deepEqual(questionOf(fields(), choice, picks()), {
    question: "most_covered",
    programmes: [
      {
        kind: "base",
        audience: "farmers",
        demand_settlement: "rural",
        count: 10,
        mode: "foot",
        minutes: 15,
        settlement: null,
        first_phase: 3,
      },
    ],
    least_distance_m: 1000,
    most_per_township: null,
    together: false,
    floor_share: 0.125,
    costs: { host: 1.5, village: 0, parcel: 0, search_area: 0, budget: null },
    suitability_weight: 0,
    named_loss_share: 0.02,
    first_weight: 0.7,
    time_limit_s: 60,
    candidates: { host_kinds: ["school"], villages: true, grid_m: 1000, more: "kept" },
    required: ["r"],
    forbidden: ["f"],
  });
});

test("what does not go with a question is not sent with it", () => {
  const travel = questionOf(fields({ question: "least_travel" }), choice, picks());
  assert.equal(travel.floor_share, 0);
  assert.equal(travel.programmes[0].first_phase, null);
  assert.equal("share" in travel, false);
  const fewest = questionOf(fields({ question: "fewest_sites" }), choice, picks());
  assert.equal(fewest.share, 0.8);
  assert.equal(fewest.floor_share, 0.125);
  assert.equal(fewest.programmes[0].first_phase, null);
});

test("without hosts none of their kinds is sent, and no grid is no search area", () => {
  const { candidates } = questionOf(fields({ grid: "" }, []), choice, picks());
  assert.deepEqual(candidates, { host_kinds: [], villages: false, grid_m: null, more: "kept" });
});

test("a person's picks stand over the scenario's lists", () => {
  const question = questionOf(fields(), choice, picks(["a", "f"], ["b", "r"]));
  assert.deepEqual(question.required, ["a", "f"]);
  assert.deepEqual(question.forbidden, ["b", "r"]);
  assert.deepEqual(questionOf(fields(), choice, picks(["r"])).required, ["r"]);
});

test("fields are shown with the questions that they go with", () => {
  const shown = (/** @type {string} */ question) =>
    [...FIELD_GOES_WITH].filter(([, goesWith]) => goesWith(question)).map(([name]) => name);
  assert.deepEqual(shown("most_covered"), ["floor", "named_loss", "suitability", "first_phase"]);
  assert.deepEqual(shown("backup"), ["floor", "named_loss", "suitability", "first_weight", "first_phase"]);
  assert.deepEqual(shown("fewest_sites"), ["share", "floor"]);
  assert.deepEqual(shown("least_travel"), []);
});
