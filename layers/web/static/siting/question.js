// @ts-check
// The question that the form states, as the keys of a siting request.

/** Kinds of candidate sites that have a cost of their own. */
export const SOURCES = ["host", "village", "parcel", "search_area"];

const COVERAGE_QUESTIONS = new Set(["most_covered", "backup", "fewest_sites"]);
const MOST_QUESTIONS = new Set(["most_covered", "backup"]);
const PERCENT = 100;
const FIRST_WEIGHT = 70;

/**
 * Which fields go with some questions only.
 *
 * @type {Map<string, (question: string) => boolean>}
 */
export const FIELD_GOES_WITH = new Map([
  ["share", (question) => question === "fewest_sites"],
  ["floor", (question) => COVERAGE_QUESTIONS.has(question)],
  ["named_loss", (question) => MOST_QUESTIONS.has(question)],
  ["suitability", (question) => MOST_QUESTIONS.has(question)],
  ["first_weight", (question) => question === "backup"],
  ["first_phase", (question) => MOST_QUESTIONS.has(question)],
]);

/**
 * Return a field's number, or null where it is empty.
 *
 * @param {{ value: string }} field
 */
export const numberOf = (field) => (field.value === "" ? null : Number(field.value));

/**
 * @param {FormFields} fields
 * @param {SitingProgramme} row
 * @param {string} question
 */
const programmeOf = (fields, row, question) => ({
  ...row,
  mode: fields[`mode:${row.kind}`].value,
  minutes: numberOf(fields[`minutes:${row.kind}`]),
  settlement: fields[`settlement:${row.kind}`].value || null,
  first_phase: MOST_QUESTIONS.has(question) ? numberOf(fields[`first_phase:${row.kind}`]) : null,
  count: numberOf(fields[`count_${row.kind}`]),
});

/**
 * Candidates that the scenario or a person has put on one list, and a person not on the other.
 *
 * @param {string[]} defaults
 * @param {Map<string, string>} picked
 * @param {Map<string, string>} otherwise
 */
const listed = (defaults, picked, otherwise) =>
  [...new Set([...defaults, ...picked.keys()])].filter((id) => !otherwise.has(id));

/**
 * Return the question of a form.
 *
 * @param {FormFields} fields by name
 * @param {SitingChoice} choice the defaults: what the form does not show stays as it is there
 * @param {Picks} picks
 */
export const questionOf = (fields, choice, picks) => {
  const question = fields.question.value;
  const share = (/** @type {string} */ name, otherwise = 0) => (numberOf(fields[name]) ?? otherwise) / PERCENT;
  const costs = Object.fromEntries(SOURCES.map((name) => [name, numberOf(fields[`cost_${name}`]) ?? 0]));
  return {
    question,
    programmes: choice.programmes.map((row) => programmeOf(fields, row, question)),
    least_distance_m: numberOf(fields.distance),
    most_per_township: numberOf(fields.per_township),
    together: fields.together.checked,
    floor_share: COVERAGE_QUESTIONS.has(question) ? share("floor") : 0,
    costs: { ...costs, budget: numberOf(fields.budget) },
    suitability_weight: numberOf(fields.suitability) ?? 0,
    named_loss_share: share("named_loss"),
    first_weight: share("first_weight", FIRST_WEIGHT),
    time_limit_s: numberOf(fields.time_limit),
    candidates: {
      ...choice.candidates,
      host_kinds: fields.hosts.checked ? choice.candidates.host_kinds : [],
      villages: fields.villages.checked,
      grid_m: numberOf(fields.grid),
    },
    required: listed(choice.required, picks.required, picks.forbidden),
    forbidden: listed(choice.forbidden, picks.forbidden, picks.required),
    ...(question === "fewest_sites" && { share: Number(numberOf(fields.share)) / PERCENT }),
  };
};
