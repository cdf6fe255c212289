// @ts-check
// What a siting plan is worth, in words: its value, whom it reaches, how it compares.

import { lang } from "../core/settings.js";
import { NONE, bracket, figure, label, localised, percent, translate, whole } from "../core/words.js";

/** Questions whose value is travel: less is better, and it is kept negative. */
export const TRAVEL_QUESTIONS = new Set(["least_travel", "shortest_worst"]);

const HALF = 0.5;
const HALF_MINUTE = 0.05;

/** @param {SitingChoice} choice */
const unit = (choice) => {
  if (TRAVEL_QUESTIONS.has(choice.question)) return localised(choice, "unit");
  const isOfSchools = choice.programmes.every((row) => row.audience === "schools");
  return isOfSchools ? translate("siting_schools") : translate("people");
};

/**
 * @param {number | null} value
 * @param {SitingChoice} choice
 */
const amount = (value, choice) =>
  value == null
    ? NONE
    : `${figure(Math.abs(value), choice.question === "shortest_worst" ? 1 : 0)} ${unit(choice)}`;

/**
 * Return a plan's value in the question's unit.
 *
 * @param {Pick<PlanResult, "value" | "choice" | "suitability_worth">} plan
 */
export const valueText = (plan) => {
  const { question } = plan.choice;
  const hasOwnWords = TRAVEL_QUESTIONS.has(question) || question === "backup";
  const text = translate(hasOwnWords ? `value_${question}` : "value_covered", {
    value: amount(plan.value, plan.choice),
  });
  const worth = plan.suitability_worth;
  return worth ? `${text}${bracket(translate("value_suitability", { worth: whole(worth) }))}` : text;
};

/**
 * Return how a plan compares with the one that was proposed.
 *
 * @param {Pick<PlanResult, "value" | "choice">} plan
 * @param {Pick<PlanResult, "value"> | null} base
 */
export const comparedText = (plan, base) => {
  if (!base || base.value == null || plan.value == null) return translate("siting_no_base");
  const more = Math.abs(plan.value) - Math.abs(base.value);
  // Less than what is shown of a value makes no difference.
  if (Math.abs(more) < (plan.choice.question === "shortest_worst" ? HALF_MINUTE : HALF)) {
    return translate("siting_even");
  }
  const change = `${more > 0 ? "+" : "−"}${amount(more, plan.choice)}`;
  return translate(plan.value > base.value ? "siting_better" : "siting_worse", { change });
};

/**
 * Return a count with its share of a total.
 *
 * @param {number} count
 * @param {number} total
 */
export const countOf = (count, total) => `${whole(count)}${bracket(total ? percent(count / total) : NONE)}`;

/**
 * Return the figures of whom a plan reaches: all, before, after, and the difference.
 *
 * @param {Reached} row
 */
export const reachedFigures = (row) => {
  const { population, covered_before: before, covered_after: after } = row;
  if (population == null) return [NONE, NONE, NONE, NONE];
  return [
    whole(population),
    countOf(before, population),
    countOf(after, population),
    `+${whole(after - before)}`,
  ];
};

/**
 * Return the township whose share is lowest, among those in which the programme's people live.
 *
 * @param {Programme} programme
 * @param {SitingChoice} choice
 * @returns {{ name: string, share: number } | null}
 */
export const lowestTownship = (programme, choice) => {
  const { demand_settlement: settlement } = choice.programmes.find((row) => row.kind === programme.kind) || {};
  const inhabited = programme.by_township.filter((row) => Number(row.population) > 0);
  const rural = new Set(inhabited.filter((row) => row.audience === "farmers").map((row) => row.township_code));
  const rows = inhabited
    .filter((row) => row.audience === programme.audience)
    .filter((row) => !settlement || (settlement === "rural") === rural.has(row.township_code))
    .map((row) => ({ name: row.township_name, share: row.covered_after / Number(row.population) }))
    .sort((a, b) => a.share - b.share);
  return rows[0] || null;
};

/**
 * Return a rule that a plan breaks, with townships by their names in the place of their codes.
 *
 * @param {Pair} row
 * @param {Map<string, string>} names by code
 */
export const brokenText = (row, names) => row[lang].replace(/\d{9}/g, (code) => names.get(code) || code);

/**
 * Return the name of an audience; residents and schools are no audience of the vocabulary.
 *
 * @param {string} name
 */
export const audienceText = (name) => {
  if (name === "residents") return translate("everybody");
  return name === "schools" ? translate("school") : label("audience", name);
};
