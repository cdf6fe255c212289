// @ts-check
// Below the table: accessible area, equity, the plan's years, schools and villages.

import { byId, headCell, make, picture } from "../core/elements.js";
import { lang, vocabulary } from "../core/settings.js";
import * as source from "../core/source.js";
import { NONE, figure, label, percent, translate, whole } from "../core/words.js";

const GROUPS = Object.keys(vocabulary.symbols);

/**
 * A table whose first column is its rows' heads, and whose others are figures.
 *
 * @param {string[]} heads
 * @param {Child[][]} rows
 */
const table = (heads, rows) => {
  const head = heads.map((text, index) => headCell("col", text, index ? "th.number" : "th"));
  const body = rows.map(([first, ...figures]) =>
    make("tr", headCell("row", first), ...figures.map((text) => make("td.number", text))),
  );
  const scrolled = make(
    "div.table-scroll",
    make("table.figures-table", make("thead", make("tr", ...head)), make("tbody", ...body)),
  );
  scrolled.tabIndex = 0;
  return scrolled;
};

const index = (/** @type {number | null} */ value) => (value == null ? NONE : figure(value, 3));

/**
 * @param {number | null} value
 * @param {boolean} isLowerBound
 */
const area = (value, isLowerBound) => `${isLowerBound ? "≥" : ""}${figure(value, 1)}`;

/** @param {Study} study */
const accessCard = (study) => {
  const { accessibility } = study;
  const method = accessibility[lang];
  const bound = accessibility.is_lower_bound ? make("small", `${translate("at_least")} `) : null;
  const unreached = `${figure(accessibility.unreached_supply_m2, 0)} m²`;
  return make(
    "div.card",
    make("h2", translate("access_title")),
    make("p.big", bound, make("b", figure(accessibility.accessible_area_per_10k_m2, 1)), make("span", "m²")),
    make("p.note", translate("access_note", { method, travel: study.travel[lang], edge: study.edge[lang] })),
    make(
      "dl.state",
      make("div", make("dt", translate("access_unreached")), make("dd", unreached)),
      make(
        "div",
        make("dt", translate("access_unknown")),
        make("dd", whole(accessibility.unknown_supply_count)),
      ),
    ),
  );
};

/**
 * @param {Study} study
 * @param {Record<string, string>} charts
 */
const equityCard = (study, charts) => {
  const [towns, points] = study.inequality;
  const heads = ["", "Gini", translate("theil"), translate("theil_between"), translate("theil_within")];
  const rows = study.inequality.map((row) => [
    translate(`measure_${row.measure}`),
    index(row.gini),
    index(row.theil),
    index(row.theil_between),
    index(row.theil_within),
  ]);
  const words = rows.map(([name, gini]) => `${name} Gini ${gini}`).join("; ");
  const counts = { towns: whole(towns.unit_count), points: whole(points.unit_count) };
  return make(
    "div.card",
    make("h2", translate("equity_title")),
    picture(charts.lorenz, `${translate("lorenz_alt")}: ${words}`),
    table(heads, rows),
    make("p.note", translate("equity_note", counts)),
    study.district.is_lower_bound && make("p.note", translate("equity_unknown")),
  );
};

/**
 * @param {Trend} trend
 * @param {Record<string, string>} charts
 */
const trendCard = (trend, charts) => {
  const groups = GROUPS.filter((group) => group in trend.district[0].coverage_rate);
  const heads = [
    ...["date", "legend", "legend_accessible"].map((word) => translate(word)),
    "Gini",
    ...["theil", "accessible_gini", "accessible_theil"].map((word) => translate(word)),
    ...groups.map((group) => translate("col_coverage", { group: label("group", group) })),
  ];
  const rows = trend.district.map((row) => [
    row.on,
    area(row.area_per_10k_m2, row.is_lower_bound),
    area(row.accessible_area_per_10k_m2, row.accessible_is_lower_bound),
    index(row.gini),
    index(row.theil),
    index(row.accessible_gini),
    index(row.accessible_theil),
    ...groups.map((group) => percent(row.coverage_rate[group])),
  ]);
  const pictures = [
    picture(charts.area_trend, translate("trend_area_alt")),
    picture(charts.coverage_trend, translate("trend_coverage_alt")),
  ];
  return make(
    "div.card.wide",
    make("h2", translate("trend_title")),
    make("div.charts", ...pictures),
    table(heads, rows),
    make("p.note", translate("trend_note")),
  );
};

/** @param {boolean | null} isReached */
const reachedWord = (isReached) => {
  if (isReached == null) return translate("unknown");
  return translate(isReached ? "yes" : "no");
};

/** @param {Study} study */
const schoolsCard = ({ schools }) => {
  const { school_count: count, reached_count: reached, unknown_count: unknown } = schools;
  const left = count - reached - unknown;
  const more = unknown ? translate("schools_unknown", { count: unknown }) : "";
  const heads = ["school", "township", "nearest", "minutes_short", "reached"].map((word) => translate(word));
  const rows = schools.rows.map((row) => [
    row.name,
    row.township_name || NONE,
    row.nearest_facility_name || NONE,
    figure(row.travel_minutes, 0),
    reachedWord(row.reached),
  ]);
  const summary = make("summary", translate("schools_head", { count, reached, left }) + more);
  const body = make("details", summary, table(heads, rows));
  body.open = left > 0;
  return make(
    "div.card",
    make("h2", translate("schools_title")),
    count ? body : make("p", translate("schools_none")),
  );
};

/** @param {Study} study */
const villagesCard = ({ villages }) => {
  const { village_count: count, with_count: having, unassigned_count: unassigned } = villages;
  const without = count - having;
  const head = count
    ? translate("villages_head", { count, with: having, without })
    : translate("villages_none");
  const rows = villages.without.map((row) => [row.name_zh, row.township_name || NONE]);
  return make(
    "div.card",
    make("h2", translate("villages_title")),
    make("p", head),
    without > 0 && table([translate("village"), translate("township")], rows),
    without > 0 && unassigned > 0 && make("p.note", translate("villages_unassigned", { count: unassigned })),
  );
};

/**
 * Draw the analysis of a study.
 *
 * @param {Study} study
 * @returns {Promise<Trend>} the plan's years, which the score card shows as well
 */
export const draw = async (study) => {
  const [trend, charts] = await Promise.all([source.trend(study, lang), source.charts(study, lang)]);
  const place = byId("analysis");
  place.replaceChildren(
    make("div.stack", accessCard(study), schoolsCard(study), villagesCard(study)),
    equityCard(study, charts),
    trendCard(trend, charts),
  );
  // A picture that cannot be drawn leaves its words.
  await Promise.allSettled([...place.querySelectorAll("img")].map((image) => image.decode()));
  return trend;
};
