// @ts-check
// The score card of the township that was chosen.

import { byId, headCell, make, option, symbol } from "../core/elements.js";
import { gapsOfTownship } from "../core/filters.js";
import { TYPING_MS, lang } from "../core/settings.js";
import * as source from "../core/source.js";
import {
  LIST_MARK,
  NONE,
  bracket,
  figure,
  label,
  percent,
  targetName,
  translate,
  whole,
} from "../core/words.js";

const MOST_GAPS = 4;
const AUDIENCES = ["youth", "seniors", "farmers"];
// After every rate: kinds without one stand last.
const AFTER_ALL = 2;

/** @type {string | null} */
let current = null;
let since = "";
/** @type {{ study: Study, since: string, trend: Promise<Trend> } | null} */
let requested = null;
let latest = 0;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let typing;

/**
 * Return by how much a value has changed, with its sign.
 *
 * @param {number | null | undefined} now
 * @param {number | null | undefined} before
 * @param {(value: number) => string} text of an amount
 */
export const changeText = (now, before, text) => {
  if (now == null || before == null) return NONE;
  if (now === before) return `±${text(0)}`;
  return `${now > before ? "+" : "−"}${text(Math.abs(now - before))}`;
};

/** @param {number | null | undefined} value */
const area = (value) => figure(value, 1);

/**
 * Rows of the card: name, value, rank and change.
 *
 * @param {TownshipFigures} row
 * @param {TrendRow | null | undefined} before
 * @returns {[Child, string, number | null | undefined, string][]}
 */
const measures = (row, before) => {
  const change = (/** @type {"area_per_10k_m2" | "accessible_area_per_10k_m2"} */ key) =>
    changeText(row[key], before && before[key], area);
  const bound = (/** @type {boolean} */ isLowerBound) => (isLowerBound ? "≥" : "");
  return [
    [
      translate("measure_area_per_10k_m2"),
      bound(row.is_lower_bound) + area(row.area_per_10k_m2),
      row.ranks.area_per_10k_m2,
      change("area_per_10k_m2"),
    ],
    [
      translate("measure_accessible_area_per_10k_m2"),
      bound(row.accessible_is_lower_bound) + area(row.accessible_area_per_10k_m2),
      row.ranks.accessible_area_per_10k_m2,
      change("accessible_area_per_10k_m2"),
    ],
    .../** @type {[Child, string, number | null | undefined, string][]} */ (
      Object.entries(row.coverage_rate).map(([group, rate]) => [
        make("span.name", symbol(group, 13), translate("col_coverage", { group: label("group", group) })),
        percent(rate),
        row.ranks[group],
        changeText(rate, before && before.coverage_rate[group], (value) => figure(value * 100, 1)),
      ])
    ),
  ];
};

/**
 * @param {TownshipFigures} row
 * @param {Study} study
 * @param {Trend | null} trend
 */
const figureTable = (row, study, trend) => {
  const earlier = trend && trend.townships[row.township_code];
  const before = earlier && (earlier.find((item) => item.on === since) || earlier[0]);
  const ranked = study.townships.length;
  const head = make(
    "tr",
    make("th", ""),
    make("th.number", translate("value")),
    make("th.number", translate("rank_head")),
    make("th.number.since", before ? translate("since", { date: before.on }) : ""),
  );
  const lines = measures(row, before).map(([name, text, rank, change]) =>
    make(
      "tr",
      headCell("row", name),
      make("td.number", text),
      make("td.number", rank == null ? NONE : `${rank}/${ranked}`),
      make("td.number", change),
    ),
  );
  return make("table.figures-table", make("thead", head), make("tbody", ...lines));
};

/**
 * Return the trend with the date that is compared. One that ends no year of the plan is requested
 * of the server; the last one requested stays.
 *
 * @param {Study} study
 * @param {Trend} trend
 */
const trendSince = async (study, trend) => {
  if (!since || trend.dates.includes(since)) return trend;
  if (!requested || requested.study !== study || requested.since !== since) {
    requested = { study, since, trend: source.trend(study, lang, since) };
  }
  return requested.trend;
};

/**
 * @param {TownshipFigures} row
 * @param {Study} study
 * @param {Trend | null} trend
 * @param {HTMLElement} place
 */
const drawFigures = async (row, study, trend, place) => {
  const turn = ++latest;
  const showAlone = (/** @type {string} */ note) =>
    place.replaceChildren(figureTable(row, study, null), make("p.note", note));
  if (trend && since && !trend.dates.includes(since)) showAlone(translate("loading"));
  try {
    const compared = trend && (await trendSince(study, trend));
    if (turn === latest) place.replaceChildren(figureTable(row, study, compared));
  } catch (error) {
    requested = null;
    if (turn === latest) showAlone(`${translate("failed")}: ${/** @type {Error} */ (error).message}`);
  }
};

/** @param {Trend} trend */
const dateOptions = (trend) => trend.dates.map((day) => option(day, day, day === since));

/**
 * @param {Trend} trend
 * @returns {[HTMLSelectElement]}
 */
const yearEndField = (trend) => {
  const field = make("select", ...dateOptions(trend));
  field.name = "since";
  return [field];
};

/**
 * @param {Trend} trend
 * @returns {[HTMLInputElement, HTMLDataListElement]}
 */
const dateField = (trend) => {
  const field = make("input");
  const ends = make("datalist", ...dateOptions(trend));
  ends.id = "year-ends";
  Object.assign(field, { type: "date", name: "since", min: "2000-01-01", max: "2100-12-31", required: true });
  field.setAttribute("list", ends.id);
  field.value = since || trend.dates[0];
  return [field, ends];
};

/**
 * The field of the date that is compared. Only the figures are drawn anew, so that a date can be
 * typed to its end.
 *
 * @param {Trend} trend
 * @param {() => void} redraw
 */
const sinceField = (trend, redraw) => {
  const status = make("p.note");
  status.setAttribute("role", "status");
  const [field, ...more] = source.isFile ? yearEndField(trend) : dateField(trend);
  field.addEventListener("change", () => {
    clearTimeout(typing);
    if (!field.validity.valid) {
      const { min, max } = /** @type {HTMLInputElement} */ (field);
      typing = setTimeout(() => {
        status.textContent = translate("since_refused", { first: min, last: max });
      }, TYPING_MS);
      return;
    }
    status.textContent = "";
    if (field.value === since) return;
    since = field.value;
    // A month that is typed passes by 1 on its way to 12.
    typing = setTimeout(redraw, source.isFile ? 0 : TYPING_MS);
  });
  return make("div", make("label.inline", `${translate("change_since")} `, field, ...more), status);
};

// How far coverage moves with where people are thought to live shows how sure it is.
const evenNote = (/** @type {TownshipFigures} */ row) => {
  const rates = Object.entries(row.even_coverage_rate).map(
    ([group, rate]) => `${label("group", group)} ${percent(rate)}`,
  );
  return rates.length > 0 && make("p.note", translate("moved_card", { rates: rates.join(LIST_MARK) }));
};

/**
 * @param {TownshipFigures} row
 * @param {Study} study
 */
const gapList = (row, study) => {
  const gaps = gapsOfTownship(study.gaps, row.township_code, MOST_GAPS);
  if (!gaps.length) return null;
  const items = gaps.map((gap) => {
    const count = translate("not_reached", { count: whole(gap.population) });
    return make("li", `${targetName(gap.group, gap.kind)}: ${count}`);
  });
  return make("div", make("h3", translate("card_gaps")), make("ul.plain", ...items));
};

/** @param {TownshipFigures} row */
const kindTable = (row) => {
  const rates = Object.entries(row.coverage_rate_by_kind).sort(
    ([, a], [, b]) => (a ?? AFTER_ALL) - (b ?? AFTER_ALL),
  );
  if (!rates.length) return null;
  const byAudience = row.coverage_rate_by_audience;
  const names = AUDIENCES.filter((name) => name in byAudience);
  const heads = ["", translate("everybody"), ...names.map((name) => label("audience", name))];
  const lines = rates.map(([kind, rate]) => {
    const cells = [rate, ...names.map((name) => byAudience[name][kind])];
    return make(
      "tr",
      headCell("row", label("kind", kind)),
      ...cells.map((value) => make("td.number", percent(value))),
    );
  });
  const head = make("tr", ...heads.map((text, index) => make(index ? "th.number" : "th", text)));
  const table = make("table.figures-table", make("thead", head), make("tbody", ...lines));
  return make("details", make("summary", translate("card_kinds")), table);
};

/** @param {TownshipFigures} row */
const schoolText = (row) =>
  translate("card_schools", {
    reached: row.schools_reached_count,
    count: row.school_count,
    with: row.village_count - row.villages_without_count,
    villages: row.village_count,
  });

/** @param {TownshipFigures} row */
const dataText = (row) =>
  translate(row.pending_count === null ? "card_data_public" : "card_data", {
    pending: row.pending_count,
    unknown: row.unknown_area_count,
    disagree: row.disagreement_count,
  });

/**
 * Draw the card of the chosen township.
 *
 * @param {Study} study
 * @param {Trend | null} trend null while it is loading
 */
export const draw = (study, trend) => {
  const place = byId("score-card");
  const row = study.townships.find((item) => item.township_code === current);
  if (!row) {
    place.replaceChildren(make("p.note", translate("card_hint")));
    return;
  }
  const figures = make("div");
  const redraw = () => drawFigures(row, study, trend, figures);
  const changeNote = `${translate("change_note")}${source.isFile ? bracket(translate("change_file")) : ""}`;
  const basis = { surface: study.surface[lang], travel: study.travel[lang] };
  const parts = [
    make("h2", translate("card_title", { township: row.name_zh })),
    figures,
    trend && sinceField(trend, redraw),
    make("p.note", changeNote),
    evenNote(row),
    kindTable(row),
    make("p", schoolText(row)),
    gapList(row, study),
    make("p.note", dataText(row)),
    make("p.note", translate("card_note")),
    make("p.note", translate("coverage_note", basis)),
  ];
  place.replaceChildren(...parts.filter((part) => part instanceof Node));
  redraw();
};

/**
 * Choose a township.
 *
 * @param {string} code
 */
export const choose = (code) => {
  current = code;
};
