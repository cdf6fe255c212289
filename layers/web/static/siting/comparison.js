// @ts-check
// Plans that are kept, and the rows that set them side by side.

import { lang } from "../core/settings.js";
import { NONE, percent, translate } from "../core/words.js";
import { audienceText, countOf, lowestTownship } from "./plan_values.js";

/** How many plans are kept: more do not stand side by side. */
export const MOST_PLANS = 3;

/**
 * @param {any} row
 * @param {string} [name] before the language
 * @returns {Pair}
 */
const both = (row, name = "") => ({ zh: row[`${name}zh`], en: row[`${name}en`] });

/**
 * Return what is kept of a plan: enough to compare it, and to open it again.
 *
 * @param {string} name
 * @param {Pick<Plan, "siting" | "layers" | "sites" | "result">} plan
 * @returns {KeptPlan}
 */
export const keptPlan = (name, { siting, layers, sites, result }) => ({
  name,
  basis: {
    zh: `${result.on} · ${result.denominator.zh}`,
    en: `${result.on} · ${result.denominator.en}`,
  },
  asked: both(result.choice, "question_"),
  result: { value: result.value, choice: result.choice },
  programmes: result.programmes.map((row) => ({
    ...both(row),
    audience: both(row, "audience_"),
    demand: row.demand,
    by_audience: row.by_audience,
    lowest: lowestTownship(row, result.choice),
  })),
  broken: result.broken,
  siting,
  layers,
  sites,
  scenario: result.scenario_toml,
  places: result.sites.map(({ name: place, longitude, latitude, programme }) => ({
    name: place,
    longitude,
    latitude,
    at: result.programmes.findIndex((row) => row.kind === programme),
  })),
});

/**
 * Return a name that no plan has.
 *
 * @param {KeptPlan[]} plans
 */
export const freeName = (plans) => {
  const taken = new Set(plans.map((plan) => plan.name));
  for (let number = 1; ; number += 1) {
    const name = translate("siting_plan", { number });
    if (!taken.has(name)) return name;
  }
};

/** @param {Reached | null | undefined} row */
const coveredText = (row) =>
  row && row.population != null ? countOf(row.covered_after, row.population) : NONE;

/**
 * Return rows for each programme's own people, each audience and its lowest township; programmes
 * of several plans are one where they have the same name.
 *
 * @param {KeptPlan[]} plans
 * @returns {string[][]} a name, then a figure of each plan
 */
export const programmeRows = (plans) => {
  const kinds = new Map(plans.flatMap((plan) => plan.programmes.map((row) => [row.zh, row])));
  return [...kinds.values()].flatMap((kind) => {
    const own = plans.map((plan) => plan.programmes.find((row) => row.zh === kind.zh));
    const name = (/** @type {string} */ audience) =>
      translate("siting_after_for", { programme: kind[lang], audience });
    const target = translate("siting_target", { audience: kind.audience[lang] });
    const lowest = own.map((row) =>
      row && row.lowest ? `${row.lowest.name} ${percent(row.lowest.share)}` : NONE,
    );
    return [
      [name(target), ...own.map((row) => coveredText(row && row.demand))],
      ...kind.by_audience.map(({ audience }) => [
        name(audienceText(audience)),
        ...own.map((row) => coveredText(row && row.by_audience.find((one) => one.audience === audience))),
      ]),
      [translate("siting_lowest", { programme: kind[lang] }), ...lowest],
    ];
  });
};
