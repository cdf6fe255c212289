import assert from "node:assert/strict";
import { test } from "node:test";

import "./page.js";
import * as comparison from "../../layers/web/static/siting/comparison.js";
import * as items from "../../layers/web/static/siting/items.js";
import * as values from "../../layers/web/static/siting/plan_values.js";

const choice = (/** @type {object} */ more = {}) =>
  /** @type {SitingChoice} */ (
    /** @type {unknown} */ ({
      question: "most_covered",
      question_zh: "最多",
      question_en: "most",
      unit_zh: "分钟",
      unit_en: "minutes",
      programmes: [{ kind: "base", audience: "farmers" }],
      ...more,
    })
  );
const reached = (/** @type {number | null} */ population, before = 0, after = 0) => ({
  population,
  covered_before: before,
  covered_after: after,
});

test("a plan's value is in the question's unit", () => {
  assert.equal(values.valueText({ value: 1234.4, choice: choice() }), "新增 1,234 人");
  const schools = choice({ programmes: [{ kind: "base", audience: "schools" }] });
  assert.equal(values.valueText({ value: 12, choice: schools }), "新增 12 所学校");
  assert.equal(values.valueText({ value: 7, choice: choice({ question: "backup" }) }), "两处可达 7 人");
  assert.equal(values.valueText({ value: null, choice: choice() }), "新增 —");
});

test("travel is kept negative and shown without its sign; the worst with one decimal", () => {
  const least = choice({ question: "least_travel" });
  const worst = choice({ question: "shortest_worst" });
  assert.equal(values.valueText({ value: -900.6, choice: least }), "出行 901 分钟");
  assert.equal(values.valueText({ value: -12.34, choice: worst }), "最远 12.3 分钟");
});

test("suitability that was weighed in is stated besides", () => {
  const plan = { value: 100, choice: choice(), suitability_worth: 25.2 };
  assert.equal(values.valueText(plan), "新增 100 人（适宜性 25）");
});

test("a plan is compared with the proposal: more covered is better, more travel worse", () => {
  const compared = (/** @type {number | null} */ value, /** @type {number | null} */ base, more = {}) =>
    values.comparedText({ value, choice: choice(more) }, base === null ? null : { value: base });
  assert.equal(compared(120, 100), "好 +20 人");
  assert.equal(compared(80, 100), "差 −20 人");
  assert.equal(compared(100.4, 100), "一样");
  assert.equal(compared(null, 100), "无从比较");
  assert.equal(compared(100, null), "无从比较");
  // 12.0 minutes in the place of 10.0: 2.0 more, which is worse.
  assert.equal(compared(-12, -10, { question: "shortest_worst" }), "差 +2.0 分钟");
  assert.equal(compared(-9.9, -10, { question: "shortest_worst" }), "好 −0.1 分钟");
  assert.equal(compared(-10.04, -10, { question: "shortest_worst" }), "一样");
});

test("a count has its share, and none of nobody", () => {
  assert.equal(values.countOf(50, 200), "50（25.0%）");
  assert.equal(values.countOf(0, 0), "0（—）");
  assert.deepEqual(values.reachedFigures(reached(200, 50, 80)), ["200", "50（25.0%）", "80（40.0%）", "+30"]);
  assert.deepEqual(values.reachedFigures(reached(null)), ["—", "—", "—", "—"]);
});

const town = (/** @type {string} */ code, /** @type {string} */ audience, population = 0, after = 0) => ({
  township_code: code,
  township_name: `镇${code}`,
  audience,
  ...reached(population, 0, after),
});
const programme = (/** @type {object} */ more = {}) =>
  /** @type {Programme} */ (
    /** @type {unknown} */ ({
      kind: "base",
      zh: "基地",
      en: "base",
      audience: "youth",
      audience_zh: "青少年",
      audience_en: "youth",
      demand: reached(100, 10, 60),
      by_audience: [{ audience: "farmers", ...reached(50, 0, 25) }],
      by_township: [
        town("1", "youth", 10, 1),
        town("2", "youth", 10, 5),
        town("3", "youth", 10, 8),
        town("4", "youth", 0, 0),
        town("2", "farmers", 4, 0),
        town("3", "farmers", 4, 0),
        town("1", "farmers", 0, 0),
      ],
      ...more,
    })
  );

test("the lowest township is one in which the programme's people live", () => {
  const lowest = (/** @type {string | null} */ settlement) =>
    values.lowestTownship(
      programme(),
      choice({ programmes: [{ kind: "base", audience: "youth", demand_settlement: settlement }] }),
    );
  assert.deepEqual(lowest(null), { name: "镇1", share: 0.1 });
  // Farmers live in 2 and 3 alone: the countryside; 1 is the town.
  assert.deepEqual(lowest("rural"), { name: "镇2", share: 0.5 });
  assert.deepEqual(lowest("urban"), { name: "镇1", share: 0.1 });
  assert.equal(values.lowestTownship(programme({ by_township: [] }), choice()), null);
});

test("townships in a broken rule have their names", () => {
  const names = new Map([["430503001", "城南"]]);
  const row = { zh: "430503001 有 3 处，430503999 有 1 处", en: "" };
  assert.equal(values.brokenText(row, names), "城南 有 3 处，430503999 有 1 处");
});

test("residents and schools are no audience of the vocabulary, and have a name", () => {
  assert.deepEqual(["residents", "schools", "youth"].map(values.audienceText), ["全体居民", "学校", "青少年"]);
});

const site = (/** @type {object} */ more) =>
  /** @type {ProposedSite} */ (
    /** @type {unknown} */ ({
      programme: "base",
      candidate_id: "a",
      name: "甲村",
      longitude: 111.4,
      latitude: 27.1,
      source: "village",
      phase: 1,
      next_best_id: "b",
      next_best_name: "乙村",
      next_best_loss: 12.6,
      ...more,
    })
  );
const plan = (/** @type {object} */ more = {}) =>
  /** @type {Plan} */ (
    /** @type {unknown} */ ({
      siting: { programmes: [{ first_phase: 1 }] },
      layers: {},
      sites: [{ programme: "base", candidate_id: "a" }],
      proposed: [{ programme: "base", candidate_id: "a" }],
      proposal: { sites: [site({})] },
      result: {
        on: "2025-12-31",
        denominator: { zh: "人口", en: "population" },
        choice: choice(),
        value: 60,
        programmes: [programme()],
        sites: [site({}), site({ candidate_id: "point-1", name: "", longitude: 111.5, latitude: 27.2 })],
        broken: [],
        scenario_toml: null,
      },
      ...more,
    })
  );

test("a site has its next best place and what that would cost", () => {
  assert.equal(items.nextBestOf(site({})).text, "乙村（−13）");
  assert.equal(items.nextBestOf(site({ next_best_loss: -2 })).text, "乙村（+2）");
  assert.equal(items.nextBestOf(site({ next_best_loss: 0.4 })).text, "乙村（±0）");
  assert.equal(items.nextBestOf(site({ next_best_id: null })).text, "无");
});

test("items of a proposal as it stands have phases and a next best place to take", () => {
  const [item] = items.itemsOf(plan());
  assert.deepEqual([item.number, item.at, item.phase, item.next?.id], [1, 0, 1, "b"]);
  assert.equal(items.isAsProposed(plan()), true);
  const [unphased] = items.itemsOf(plan({ siting: { programmes: [{ first_phase: null }] } }));
  assert.equal(unphased.phase, null);
});

test("a point of one's own is numbered, and a changed plan has no phases", () => {
  const sites = [
    { programme: "base", longitude: 111.5, latitude: 27.2 },
    { programme: "base", candidate_id: "a" },
    { programme: "base", candidate_id: "b" },
  ];
  const changed = plan({ sites });
  assert.equal(items.isAsProposed(changed), false);
  const [own, first] = items.itemsOf(changed);
  assert.deepEqual([own.row.name, own.row.longitude, own.next], ["自选点1", 111.5, null]);
  assert.equal(first.row.name, "甲村");
  assert.equal(first.phase, null);
  assert.equal(first.next?.id, null, "the next best place is in the plan already");
});

test("sites are replaced and left out by their number", () => {
  const sites = ["a", "b", "c"].map((id) => ({ programme: "base", candidate_id: id }));
  const ids = (/** @type {PlacedSite[]} */ rows) => rows.map((row) => row.candidate_id);
  assert.deepEqual(ids(items.withoutSite(sites, 2)), ["a", "c"]);
  assert.deepEqual(ids(items.withSite(sites, 1, (row) => ({ ...row, candidate_id: "x" }))), ["x", "b", "c"]);
  assert.deepEqual(ids(sites), ["a", "b", "c"]);
  assert.deepEqual(items.pointSite("base", { lat: 27.123456789, lng: 111.98765432 }), {
    programme: "base",
    longitude: 111.9876543,
    latitude: 27.1234568,
  });
});

test("a kept plan goes through the window's storage and back", () => {
  const kept = comparison.keptPlan("甲", plan());
  assert.deepEqual(JSON.parse(JSON.stringify(kept)), kept);
  assert.equal(kept.basis.zh, "2025-12-31 · 人口");
  assert.deepEqual(kept.asked, { zh: "最多", en: "most" });
  assert.deepEqual(kept.programmes[0].lowest, { name: "镇1", share: 0.1 });
  assert.deepEqual(kept.places.map((place) => place.at), [0, 0]); // prettier-ignore
});

test("names of plans are not given twice", () => {
  const named = (/** @type {string} */ name) => comparison.keptPlan(name, plan());
  assert.equal(comparison.freeName([]), "方案1");
  assert.equal(comparison.freeName([named("方案1"), named("方案3")]), "方案2");
});

test("plans stand side by side: their people, each audience, the lowest township", () => {
  const one = comparison.keptPlan("甲", plan());
  const other = comparison.keptPlan("乙", plan());
  other.programmes = [{ ...other.programmes[0], demand: reached(100, 10, 90), lowest: null, by_audience: [] }];
  const none = { ...comparison.keptPlan("丙", plan()), programmes: [] };
  assert.deepEqual(comparison.programmeRows([one, other, none]), [
    ["基地·服务青少年", "60（60.0%）", "90（90.0%）", "—"],
    ["基地最低", "镇1 10.0%", "—", "—"],
  ]);
  assert.deepEqual(comparison.programmeRows([other, one])[1], ["基地·农民", "—", "25（50.0%）"]);
});
