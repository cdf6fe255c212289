// @ts-check
// The rows of the townships' table: its columns, its order, and what is copied and saved of it.

import { lang } from "../core/settings.js";
import { CLAUSE_MARK, NONE, figure, label, percent, translate, whole } from "../core/words.js";

/**
 * @param {TownshipRow} row
 * @param {string} text
 */
const lowerBound = (row, text) => (row.is_lower_bound && text !== NONE ? `≥${text}` : text);

/** @type {(name: string, key: keyof TownshipRow, text: (row: TownshipRow) => string) => Column} */
const numberColumn = (name, key, text) => ({
  key,
  name: translate(name),
  isNumber: true,
  value: (row) => /** @type {number} */ (row[key]),
  text,
});

/** @type {(name: string, key: "name_zh" | "kind", text: (row: TownshipRow) => string) => Column} */
const textColumn = (name, key, text) => ({
  key,
  name: translate(name),
  isNumber: false,
  value: (row) => row[key],
  text,
});

/**
 * Return the table's columns; coverage has one for each group that the study has figures of.
 *
 * @param {Study} study
 * @returns {Column[]}
 */
export const columnsOf = (study) => {
  const groups = study.district.coverage.filter((row) => !row.kind).map((row) => row.group);
  return [
    textColumn("township", "name_zh", (row) => row.name_zh),
    textColumn("kind", "kind", (row) => label("township_kind", row.kind)),
    numberColumn("col_population", "population", (row) => whole(row.population)),
    numberColumn("col_counted", "counted_area_m2", (row) => lowerBound(row, figure(row.counted_area_m2, 0))),
    numberColumn("col_per_10k", "area_per_10k_m2", (row) => lowerBound(row, figure(row.area_per_10k_m2, 1))),
    // Where the area is a lower bound, what is missing of it is an upper one.
    numberColumn(
      "col_gap",
      "area_gap_m2",
      (row) => (row.is_lower_bound && row.area_gap_m2 ? "≤" : "") + figure(row.area_gap_m2, 0),
    ),
    numberColumn("col_facilities", "facility_count", (row) => whole(row.facility_count)),
    numberColumn("col_unknown", "unknown_area_count", (row) => whole(row.unknown_area_count)),
    ...groups.map((group) => ({
      key: `coverage_${group}`,
      name: translate("col_coverage", { group: label("group", group) }),
      isNumber: true,
      value: (/** @type {TownshipRow} */ row) => row.coverage_rate[group],
      text: (/** @type {TownshipRow} */ row) => percent(row.coverage_rate[group]),
    })),
  ];
};

/**
 * Return the order that the address names: "-population" is by population, the most first.
 *
 * @param {string} sort
 * @returns {Order}
 */
export const parseOrder = (sort) => ({ key: sort.replace(/^-/, ""), isDown: sort.startsWith("-") });

/**
 * Return the order as the address names it.
 *
 * @param {Order} order
 */
export const orderText = ({ key, isDown }) => `${isDown ? "-" : ""}${key}`;

/**
 * Return the townships in an order. What is unknown stands last either way; equal values stand by
 * their code, as do all where the order names no column.
 *
 * @param {Study} study
 * @param {Order} order
 */
export const sortedRows = (study, order) => {
  const column = columnsOf(study).find((item) => item.key === order.key);
  const value = column ? column.value : (/** @type {TownshipRow} */ row) => row.township_code;
  const sign = order.isDown ? -1 : 1;
  return [...study.townships].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x == null || y == null) return Number(x == null) - Number(y == null);
    const compared = typeof x === "string" ? x.localeCompare(String(y), "zh-CN") : x - Number(y);
    return compared * sign || a.township_code.localeCompare(b.township_code);
  });
};

/**
 * Return the district as the table's last row.
 *
 * @param {Study} study
 * @returns {TownshipRow}
 */
export const totalRow = ({ district }) => ({
  ...district,
  township_code: district.district_code,
  name_zh: translate("district_total"),
  kind: "",
  coverage_rate: Object.fromEntries(
    district.coverage.filter((row) => !row.kind).map((row) => [row.group, row.coverage_rate]),
  ),
});

/**
 * Return the table as rows of text, numbers as they are and not as they are shown, with what they
 * rest on in each row.
 *
 * @param {Study} study
 * @param {Order} order
 * @returns {string[][]}
 */
export const plainRows = (study, order) => {
  const columns = columnsOf(study);
  const basis = `${study.on} ${label("caliber", study.caliber)} ${label("scope", study.scope)}`;
  const rests = [study.travel[lang], study.surface[lang], study.edge[lang]].join(CLAUSE_MARK);
  const head = [
    "code",
    ...columns.map((column) => column.name),
    ...["data_state", "on", "rests_on"].map((word) => translate(word)),
  ];
  const demonstration = study.demonstration ? translate("is_demonstration") : "";
  const cell = (/** @type {Column} */ column, /** @type {TownshipRow} */ row) => {
    if (column.isNumber) return column.value(row);
    return row.kind || column.key !== "kind" ? column.text(row) : "";
  };
  const rows = [...sortedRows(study, order), totalRow(study)].map((row) => [
    row.township_code,
    ...columns.map((column) => cell(column, row)),
    [
      row.is_lower_bound ? translate("at_least") : "",
      label("quality", row.population_quality || study.denominator.quality),
      demonstration,
    ]
      .filter(Boolean)
      .join(" "),
    basis,
    rests,
  ]);
  return [head, ...rows].map((row) => row.map((value) => (value == null ? "" : String(value))));
};

// A cell that begins with one of these would be a formula in a spreadsheet.
const asText = (/** @type {string} */ value) =>
  /^[=+\-@\t\r\n]/.test(value) && Number.isNaN(Number(value)) ? `'${value}` : value;

/**
 * Return rows as a CSV that a spreadsheet takes for UTF-8 and runs nothing of.
 *
 * @param {string[][]} rows
 */
export const csvText = (rows) => {
  const quoted = (/** @type {string} */ value) => `"${asText(value).replaceAll('"', '""')}"`;
  return `\ufeff${rows.map((row) => row.map(quoted).join(",")).join("\r\n")}\r\n`;
};

/**
 * Return rows as text to paste. It has no quotes, so that a tab or a line within a name would
 * begin a cell of its own.
 *
 * @param {string[][]} rows
 */
export const pasteText = (rows) =>
  rows
    .map((row) => row.map((value) => asText(value.replace(/[\t\r\n\u2028\u2029]+/g, " "))).join("\t"))
    .join("\n");
