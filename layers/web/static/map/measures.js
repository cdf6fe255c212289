// @ts-check
// What the map's colours show: one measure at a time, with its classes and its words.

import { lang, vocabulary } from "../core/settings.js";
import { isFile } from "../core/source.js";
import { NONE, figure, percent, targetId, targetName, translate } from "../core/words.js";

/**
 * An area per 10,000 residents. Its class breaks are shares of the target.
 *
 * @param {"area_per_10k_m2" | "accessible_area_per_10k_m2"} key of the value
 * @param {"is_lower_bound" | "accessible_is_lower_bound"} bound says whether it is a lower bound
 * @param {string} name word of the measure
 * @param {string} title word of the legend
 * @returns {(study: Study) => Measure}
 */
const area = (key, bound, name, title) => (study) => {
  const target = study.district.target_area_per_10k_m2;
  return {
    name: translate(name),
    title: translate(title),
    classes: vocabulary.classes.map((item) => ({
      ...item,
      low: item.low * target,
      high: item.high == null ? null : item.high * target,
      isTarget: item.low === 1,
      isMet: item.low >= 1,
    })),
    value: (row) => row[key],
    text: (row) => (row[key] == null ? NONE : `${row[bound] ? "≥" : ""}${figure(row[key], 0)}`),
    range: ({ low, high }) => (high == null ? `≥ ${figure(low, 0)}` : `${figure(low, 0)} – ${figure(high, 0)}`),
    target: `${figure(target, 0)} m² · ${lang === "zh" ? "目标" : "target"}`,
  };
};

/**
 * The share of residents whom the view's facilities reach.
 *
 * @param {Study} study
 * @param {View} view
 * @returns {Measure}
 */
const coverage = (study, view) => {
  const target = study.district.coverage.find((row) => targetId(row) === view.gap);
  const value = (/** @type {TownshipFigures} */ row) => {
    if (!target) return null;
    return (target.kind ? row.coverage_rate_by_kind[target.kind] : row.coverage_rate[target.group]) ?? null;
  };
  const share = (/** @type {number} */ part) => `${figure(part * 100, 0)}%`;
  const title = translate("legend_coverage", { target: target ? targetName(target.group, target.kind) : NONE });
  return {
    name: title,
    title,
    classes: vocabulary.coverage_classes.map((item) => ({ ...item, isTarget: false, isMet: false })),
    value,
    text: (row) => percent(value(row)),
    range: ({ low, high }) => (high == null ? `≥ ${share(low)}` : `${share(low)} – ${share(high)}`),
    target: "",
  };
};

const accessible = area(
  "accessible_area_per_10k_m2",
  "accessible_is_lower_bound",
  "access_title",
  "legend_accessible",
);

/** @type {Record<string, (study: Study, view: View) => Measure>} */
const MEASURES = {
  "": area("area_per_10k_m2", "is_lower_bound", "headline", "legend"),
  accessible,
  coverage,
  // Its colours are the demand points', so that a count of townships beside them would mislead.
  surface: (study) => ({ ...accessible(study), isOfPoints: true }),
};

/**
 * Return the measure of a view; one that the address names and we do not know is the headline.
 *
 * @param {Study} study
 * @param {View} view
 */
export const measureOf = (study, view) => (MEASURES[view.measure] || MEASURES[""])(study, view);

/**
 * Return the class of a row's value: low <= value < high; null without a value.
 *
 * @param {Measure} measure
 * @param {TownshipFigures} row
 */
export const classOf = (measure, row) => {
  const value = measure.value(row);
  if (value == null) return null;
  return measure.classes.find(({ low, high }) => value >= low && (high == null || value < high)) || null;
};

/**
 * Return the measures to choose from, with their names.
 *
 * @returns {[string, string][]}
 */
export const measureNames = () => [
  ["", translate("measure_area_per_10k_m2")],
  ["accessible", translate("measure_accessible_area_per_10k_m2")],
  ["coverage", translate("measure_coverage")],
  // Thousands of cells: of the server alone, a file would be twice its size.
  .../** @type {[string, string][]} */ (isFile ? [] : [["surface", translate("measure_surface")]]),
];
