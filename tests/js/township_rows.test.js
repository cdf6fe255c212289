import assert from "node:assert/strict";
import { test } from "node:test";

import "./page.js";
import * as rows from "../../layers/web/static/panels/township_rows.js";

const township = (/** @type {string} */ code, /** @type {Partial<TownshipFigures>} */ values) =>
  /** @type {TownshipFigures} */ ({
    township_code: code,
    name_zh: code,
    kind: "town",
    population: 1000,
    population_quality: "census",
    counted_area_m2: 0,
    area_per_10k_m2: null,
    area_gap_m2: 0,
    is_lower_bound: false,
    unknown_area_count: 0,
    facility_count: 0,
    coverage_rate: {},
    ...values,
  });

const study = /** @type {Study} */ (
  /** @type {unknown} */ ({
    on: "2025-12-31",
    caliber: "B",
    scope: "all",
    demonstration: false,
    denominator: { quality: "estimate" },
    travel: { zh: "步行", en: "walk" },
    surface: { zh: "村", en: "villages" },
    edge: { zh: "边缘", en: "edge" },
    district: {
      district_code: "430503",
      name_zh: "大祥区",
      population: 6000,
      counted_area_m2: 1234.5,
      area_per_10k_m2: 2057.5,
      area_gap_m2: 10,
      is_lower_bound: true,
      unknown_area_count: 2,
      facility_count: 3,
      coverage: [
        { group: "hall", kind: null, coverage_rate: 0.5 },
        { group: "hall", kind: "library", coverage_rate: 0.1 },
      ],
    },
    townships: [
      township("3", { name_zh: "城南", population: 3000, area_per_10k_m2: 5, coverage_rate: { hall: 0.9996 } }),
      township("1", { name_zh: "城东", population: 1000, area_per_10k_m2: null }),
      township("2", {
        name_zh: "板桥",
        population: 1000,
        area_per_10k_m2: 7,
        area_gap_m2: 20,
        is_lower_bound: true,
        counted_area_m2: 100.4,
        coverage_rate: { hall: null },
      }),
    ],
  })
);
const codes = (/** @type {string} */ sort) =>
  rows.sortedRows(study, rows.parseOrder(sort)).map((row) => row.township_code);

test("an order goes to the address and back", () => {
  assert.deepEqual(rows.parseOrder("-population"), { key: "population", isDown: true });
  assert.deepEqual(rows.parseOrder("kind"), { key: "kind", isDown: false });
  for (const sort of ["-population", "kind"]) assert.equal(rows.orderText(rows.parseOrder(sort)), sort);
});

test("rows are sorted by number, equal ones by code", () => {
  assert.deepEqual(codes("population"), ["1", "2", "3"]);
  assert.deepEqual(codes("-population"), ["3", "1", "2"]);
});

test("what is unknown stands last either way", () => {
  assert.deepEqual(codes("area_per_10k_m2"), ["3", "2", "1"]);
  assert.deepEqual(codes("-area_per_10k_m2"), ["2", "3", "1"]);
  assert.deepEqual(codes("coverage_hall"), ["3", "1", "2"]);
});

test("names are sorted as Chinese is, and a column that is none by code", () => {
  // bǎn qiáo, chéng dōng, chéng nán.
  assert.deepEqual(codes("name_zh"), ["2", "1", "3"]);
  assert.deepEqual(codes("-name_zh"), ["3", "1", "2"]);
  assert.deepEqual(codes("<img src=x>"), ["1", "2", "3"]);
});

test("sorting leaves the study as it is", () => {
  codes("population");
  assert.deepEqual(
    study.townships.map((row) => row.township_code),
    ["3", "1", "2"],
  );
});

test("cells say where an area is a lower bound and a gap an upper one", () => {
  const columns = new Map(rows.columnsOf(study).map((column) => [column.key, column]));
  const text = (/** @type {string} */ key, at = 2) => columns.get(key)?.text(study.townships[at]);
  assert.equal(text("counted_area_m2"), "≥100");
  assert.equal(text("area_per_10k_m2"), "≥7.0");
  assert.equal(text("area_gap_m2"), "≤20");
  assert.equal(text("area_per_10k_m2", 1), "—");
  assert.equal(text("area_gap_m2", 1), "0");
  assert.equal(text("kind"), "镇");
  assert.equal(text("coverage_hall", 0), "99.9%");
  assert.equal(columns.has("coverage_library"), false);
  assert.equal(columns.get("coverage_hall")?.name, "展馆覆盖率");
});

test("the last row is the district's", () => {
  const total = rows.totalRow(study);
  assert.equal(total.name_zh, "全区");
  assert.equal(total.township_code, "430503");
  assert.deepEqual(total.coverage_rate, { hall: 0.5 });
});

test("what is copied has numbers as they are, and on what they rest", () => {
  const [head, first, , , total] = rows.plainRows(study, rows.parseOrder("-population"));
  assert.equal(head[0], "code");
  assert.equal(head.length, 13);
  assert.deepEqual(head.slice(-3), ["数据状态", "日期", "依据"]);
  assert.deepEqual(first.slice(0, 4), ["3", "城南", "镇", "3000"]);
  assert.equal(first[9], "0.9996");
  assert.equal(first.at(-3), "普查");
  assert.equal(first.at(-2), "2025-12-31 核定 属地");
  assert.equal(first.at(-1), "步行；村；边缘");
  assert.deepEqual(total.slice(0, 5), ["430503", "全区", "", "6000", "1234.5"]);
  assert.equal(total.at(-3), "不低于 估计");
});

test("nothing that is saved is a formula, and quotes and lines stay within their cell", () => {
  const text = rows.csvText([
    ["=1+1", "+86", "-5", "@x", 'a"b', "甲\n乙"],
    ["-1+1", "", "1e3", "\tx", "a,b", "0"],
  ]);
  assert.equal(
    text,
    '\ufeff"\'=1+1","+86","-5","\'@x","a""b","甲\n乙"\r\n"\'-1+1","","1e3","\'\tx","a,b","0"\r\n',
  );
});

test("what is pasted has one line for a row and one tab between cells", () => {
  assert.equal(rows.pasteText([["甲\t乙\r\n丙", "=x"], ["a\u2028b", "1"]]), "甲 乙 丙\t'=x\na b\t1"); // prettier-ignore
});
