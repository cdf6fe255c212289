// @ts-check
// The district's figures beside the map: the headline, coverage, gaps, facilities, state of the data.

import { byId, chooser, make, symbol } from "../core/elements.js";
import { largestGaps, peopleIn } from "../core/filters.js";
import { lang } from "../core/settings.js";
import {
  CLAUSE_MARK,
  NONE,
  basisText,
  figure,
  label,
  percent,
  targetId,
  targetName,
  translate,
  whole,
} from "../core/words.js";

const AUDIENCES = ["youth", "seniors", "farmers"];
const MOST_GAPS = 10;
// The bar of the headline ends at this multiple of the target, or at the value where that is more.
const BAR_END = 1.25;

/** @type {(audience: string) => void} */
let onAudience = () => {};

/**
 * @param {number} share of the bar that is filled
 * @param {number | null} mark where the target stands
 */
const bar = (share, mark) => {
  const drawn = make("span.bar");
  const part = make("span.bar-part");
  part.style.width = `${Math.min(100, Math.max(0, share * 100))}%`;
  drawn.append(part);
  if (mark != null) {
    const line = make("span.bar-mark");
    line.style.left = `${mark * 100}%`;
    drawn.append(line);
  }
  return drawn;
};

/**
 * @param {string} word
 * @param {...Child} value
 */
const term = (word, ...value) => make("div", make("dt", translate(word)), make("dd", ...value));

/** @param {Study} study */
const coverageNote = (study) =>
  make("p.note", translate("coverage_note", { surface: study.surface[lang], travel: study.travel[lang] }));

/** @param {Study} study */
const headline = (study) => {
  const d = study.district;
  const value = d.area_per_10k_m2;
  const target = d.target_area_per_10k_m2;
  const end = Math.max(target * BAR_END, value || 0);
  const counted = `${figure(d.counted_area_m2, 0)} m²`;
  return make(
    "div.card.headline",
    make("h2", translate("headline")),
    make(
      "p.big",
      d.is_lower_bound && make("small", translate("at_least")),
      make("b", figure(value, 1)),
      make("span", "m²"),
      make("em", translate("target", { target: figure(target, 0) })),
    ),
    bar((value || 0) / end, target / end),
    make(
      "dl.pair",
      term(
        "missing",
        Boolean(d.is_lower_bound && d.area_gap_m2) && `${translate("at_most")} `,
        `${figure(d.area_gap_m2, 0)} m²`,
      ),
      term("counted", d.is_lower_bound ? `${translate("at_least")} ${counted}` : counted),
      term("population", whole(d.population)),
      term("share_reached", value == null ? NONE : percent(value / target)),
    ),
    d.is_lower_bound && make("p.note", translate("lower_bound_note", { count: d.unknown_area_count })),
    make("p.note", basisText(study)),
  );
};

/** @param {CoverageRow} row */
const standardText = (row) =>
  row.standards
    .map((standard) => {
      const mode = label("mode", standard.mode);
      const metres = whole(standard.straight_line_m);
      const limit = standard.minutes
        ? translate("minutes", { mode, minutes: standard.minutes, metres })
        : `${mode} ${metres} m`;
      return `${label("settlement", standard.settlement)}: ${limit}`;
    })
    .join(CLAUSE_MARK);

/** @param {CoverageRow} row */
const coverageItem = (row) => {
  const even = row.even_coverage_rate;
  const notes = [
    translate("not_reached", { count: whole(row.gap_population) }),
    even == null ? "" : translate("moved", { rate: percent(even) }),
    standardText(row),
  ];
  return make(
    "li",
    make("span.name", symbol(row.group, 15), label("group", row.group)),
    make("b", percent(row.coverage_rate)),
    bar(row.coverage_rate || 0, null),
    make("small", notes.filter(Boolean).join(" · ")),
  );
};

/**
 * @param {Study} study
 * @param {View} view
 */
const coverage = (study, view) => {
  const rows = study.district.coverage.filter((row) => !row.kind && (!view.group || row.group === view.group));
  return make(
    "div.card",
    make("h2", translate("coverage")),
    make("ul.bars", ...rows.map(coverageItem)),
    coverageNote(study),
    make("p.note", study.edge[lang]),
  );
};

/** @param {Study} study */
const facilities = (study) => {
  const d = study.district;
  const items = Object.entries(d.facility_count_by_group).map(([group, count]) =>
    make("li", symbol(group, 16), make("span", label("group", group)), make("b", whole(count))),
  );
  return make(
    "div.card",
    make("h2", translate("facilities"), make("b.sum", whole(d.facility_count))),
    make("ul.counts", ...items),
    make("p.note", translate("facilities_note")),
  );
};

/** @param {Study} study */
const dataState = (study) => {
  const d = study.district;
  return make(
    "div.card",
    make("h2", translate("data_state")),
    make(
      "dl.state",
      term("unknown_areas", whole(d.unknown_area_count)),
      // Nobody outside the office learns how many rows wait for verification.
      d.pending_count !== null && term("pending", whole(d.pending_count)),
      term("outside", whole(d.outside_count)),
      term("unplaced", whole(d.unplaced_count)),
      term("disagreements", whole(d.disagreement_count)),
    ),
  );
};

// Whom the gaps are counted for; the list is ranked by them.
const audienceChooser = (/** @type {View} */ view) => {
  /** @type {[string, string][]} */
  const pairs = [["", translate("everybody")]];
  for (const name of AUDIENCES) pairs.push([name, label("audience", name)]);
  const list = chooser("audience", pairs, view.audience, (name) => onAudience(name));
  return make("label.inline", `${translate("audience")} `, list);
};

/**
 * @param {Gap} row
 * @param {View} view
 */
const gapText = (row, view) => {
  const metres = row.nearest_distance_m;
  const minutes = row.nearest_travel_minutes;
  return translate(row.nearest_facility_id ? "gap_row" : "gap_row_none", {
    township: row.township_name,
    count: whole(peopleIn(row, view.audience)),
    share: view.audience ? label("audience", view.audience) : percent(row.population_share),
    nearest: row.nearest_facility_name,
    distance: metres == null ? "" : figure(metres / 1000, 1),
    minutes: minutes == null ? "" : figure(minutes, 0),
  });
};

/**
 * @param {Study} study
 * @param {View} view
 */
const gaps = (study, view) => {
  const target = view.gap && study.district.coverage.find((row) => targetId(row) === view.gap);
  if (!target) return null;
  const rows = largestGaps(study.gaps, view, MOST_GAPS);
  const left = Object.fromEntries(
    target.audiences.map((row) => [
      row.audience,
      row.population == null ? NONE : whole(row.population - row.covered_population),
    ]),
  );
  const estimate = study.surface.by_district_share.length ? translate("by_district_share") : "";
  return make(
    "div.card",
    make("h2", `${translate("gaps_title")} · ${targetName(target.group, target.kind)}`),
    audienceChooser(view),
    rows.length
      ? make("ol.gaps", ...rows.map((row) => make("li", gapText(row, view))))
      : make("p", translate("no_gaps")),
    rows.length > 0 && make("p.note", translate("gap_audiences", { ...left, estimate })),
  );
};

/**
 * Draw the figures of a study.
 *
 * @param {Study} study
 * @param {View} view
 */
export const draw = (study, view) => {
  const cards = [
    headline(study),
    coverage(study, view),
    gaps(study, view),
    facilities(study),
    dataState(study),
  ];
  byId("district-figures").replaceChildren(...cards.filter((card) => card !== null));
};

/**
 * Set what follows when an audience is chosen.
 *
 * @param {{ onAudience: (audience: string) => void }} choices
 */
export const setUp = (choices) => {
  ({ onAudience } = choices);
};
