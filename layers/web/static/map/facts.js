// @ts-check
// What tips and popups of the map state of a township, a gap or a facility.

import { factTable, make } from "../core/elements.js";
import { lang } from "../core/settings.js";
import {
  LIST_MARK,
  bracket,
  figure,
  label,
  percent,
  squareMetres,
  targetName,
  translate,
  whole,
} from "../core/words.js";

/**
 * @param {boolean} isLowerBound
 * @param {string} text
 */
const atLeast = (isLowerBound, text) => (isLowerBound ? `${translate("at_least")} ${text}` : text);

/**
 * @param {TownshipFigures} row
 * @param {Study} study
 */
export const townshipFacts = (row, study) => {
  const basis = bracket(`${study.denominator[lang]} · ${label("quality", row.population_quality)}`);
  const headline = row.area_per_10k_m2;
  const accessible = row.accessible_area_per_10k_m2;
  const gap = squareMetres(row.area_gap_m2);
  return make(
    "div.tip",
    make("strong", row.name_zh),
    factTable([
      [translate("population"), `${whole(row.population)} ${translate("people")}${basis}`],
      [translate("counted"), atLeast(row.is_lower_bound, squareMetres(row.counted_area_m2))],
      [
        translate("headline"),
        headline == null ? translate("no_data") : atLeast(row.is_lower_bound, squareMetres(headline)),
      ],
      [
        translate("measure_accessible_area_per_10k_m2"),
        accessible == null
          ? translate("no_data")
          : atLeast(row.accessible_is_lower_bound, squareMetres(accessible)),
      ],
      [translate("col_gap"), row.is_lower_bound && row.area_gap_m2 ? `${translate("at_most")} ${gap}` : gap],
      [translate("facilities"), row.facility_count],
      [translate("unknown_areas"), row.unknown_area_count || null],
      [translate("caliber"), `${label("caliber", study.caliber)} · ${label("scope", study.scope)}`],
    ]),
  );
};

/**
 * @param {Gap} row
 * @param {Study} study
 */
export const gapFacts = (row, study) => {
  const minutes = row.nearest_travel_minutes;
  const metres = row.nearest_distance_m;
  return make(
    "div.tip",
    make("strong", `${translate("gap")} · ${targetName(row.group, row.kind)}`),
    factTable([
      [translate("township"), row.township_name],
      [
        translate("population"),
        `${whole(row.population)} ${translate("people")}${bracket(percent(row.population_share))}`,
      ],
      .../** @type {[string, Child][]} */ (
        Object.entries(row.audiences).map(([name, count]) => [
          label("audience", name),
          count == null ? null : whole(count),
        ])
      ),
      [lang === "zh" ? "最近设施" : "Nearest", row.nearest_facility_name],
      [translate("minutes_short"), minutes == null ? null : figure(minutes, 0)],
      [translate("straight_line"), metres == null ? null : `${figure(metres / 1000, 1)} km`],
    ]),
    make("small", translate("coverage_note", { surface: study.surface[lang], travel: study.travel[lang] })),
  );
};

/**
 * @param {FacilityFeature} feature
 * @param {Study} study
 */
export const facilityFacts = ({ properties: p }, study) => {
  const isCounted = p.count_reason === "counted";
  const counted = isCounted ? squareMetres(p.counted_area_m2) : label("reason", p.count_reason);
  return make(
    "div.tip",
    make("strong", p.name),
    factTable([
      [translate("kind"), label("kind", p.kind)],
      [translate("level"), p.level && p.level !== "none" ? label("level", p.level) : null],
      [translate("status"), label("status", p.status)],
      [translate("township"), p.township_name || label("agreement", p.agreement)],
      [translate("exhibition_area"), squareMetres(p.exhibition_area_m2)],
      [translate("floor_area"), p.floor_area_m2 == null ? null : squareMetres(p.floor_area_m2)],
      [`${translate("counting")} ${study.caliber}`, counted],
      [translate("opened_on"), p.opened_on],
      [translate("closed_on"), p.closed_on],
      [translate("designations"), (p.designations || []).join(LIST_MARK)],
      [translate("address"), p.address],
      [translate("department"), p.department],
      [translate("verification"), label("verification", p.verification)],
      [translate("note"), p.note],
      [translate("data_mark"), p.demonstration ? translate("is_demonstration") : ""],
    ]),
  );
};
