// @ts-check
// What is requested of siting: the aim, how many of each programme, and what besides.

import { make } from "../core/elements.js";
import { label, localised, translate } from "../core/words.js";
import { conditionFields, fitFields, pickedLayers, picks } from "./conditions.js";
import { TRAVEL_QUESTIONS } from "./plan_values.js";
import { questionOf } from "./question.js";

// What is computed besides goes with questions of coverage only; the frontier with one of them.
/** @type {Record<string, (question: string) => boolean>} */
const EXTRA_GOES_WITH = {
  alternatives: () => true,
  frontier: (question) => question === "most_covered",
  robustness: (question) => !TRAVEL_QUESTIONS.has(question),
};
const PERCENT = 100;

/**
 * @param {string} name
 * @param {string} text
 * @param {number | null | undefined} value
 * @param {object} limits
 */
const numberField = (name, text, value, limits) => {
  const field = make("input");
  Object.assign(field, { type: "number", name, ...limits });
  field.defaultValue = String(value ?? "");
  return make("label.field", make("span", text), field);
};

/** @param {SitingDefaults} defaults */
const questions = ({ questions: rows, choice }) => {
  const options = rows.map(({ question }) => {
    const button = make("input");
    const defaultChecked = question === choice.question;
    Object.assign(button, { type: "radio", name: "question", value: question, defaultChecked });
    return make("label.option", button, make("span", translate(`question_${question}`)));
  });
  return make("fieldset.questions", make("legend", translate("siting_question")), ...options);
};

/** @param {SitingDefaults} defaults */
const counts = ({ programmes }) =>
  programmes.map(({ kind, count }) => {
    const text = translate("siting_count", { programme: label("kind", kind) });
    const field = numberField(`count_${kind}`, text, count, { min: 1, max: 500, step: 1, required: true });
    field.append(make("small.whom"));
    return field;
  });

const extras = () => {
  const boxes = Object.keys(EXTRA_GOES_WITH).map((name) => {
    const box = make("input");
    Object.assign(box, { type: "checkbox", name: "also", value: name });
    return make("label.option", box, make("span", translate(`also_${name}`)));
  });
  return make("fieldset", make("legend", translate("siting_also")), ...boxes);
};

/**
 * A form's fields by name. A name that several boxes share returns their list.
 *
 * @param {HTMLFormElement} form
 */
const fieldsOf = (form) => /** @type {FormFields} */ (/** @type {unknown} */ (form.elements));

/**
 * @param {HTMLFormElement} form
 * @returns {HTMLInputElement[]}
 */
const extraBoxes = (form) => [...form.querySelectorAll("input")].filter((box) => box.name === "also");

/**
 * State for whom a programme is and how near, as it is set further below.
 *
 * @param {HTMLFormElement} form
 * @param {SitingDefaults} defaults
 */
const writeAudiences = (form, { programmes }) => {
  const fields = fieldsOf(form);
  for (const row of programmes) {
    const [mode, minutes] = ["mode", "minutes"].map((name) => fields[`${name}:${row.kind}`].value);
    const values = { audience: localised(row, "audience"), mode: label("mode", mode), minutes };
    const count = /** @type {Element} */ (/** @type {unknown} */ (fields[`count_${row.kind}`]));
    const place = /** @type {Element} */ (count.closest("label")?.querySelector(".whom"));
    place.textContent = translate("siting_for", values);
  }
};

/**
 * @param {HTMLFormElement} form
 * @param {SitingDefaults} defaults
 */
const fit = (form, defaults) => {
  writeAudiences(form, defaults);
  const question = fieldsOf(form).question.value;
  for (const box of extraBoxes(form)) {
    box.disabled = !EXTRA_GOES_WITH[box.value](question);
    if (box.disabled) box.checked = false;
  }
  fitFields(form.elements, question);
};

/**
 * @param {HTMLFormElement} form
 * @param {SitingDefaults} defaults
 * @returns {SitingRequest}
 */
const requestOf = (form, { choice }) => ({
  siting: questionOf(fieldsOf(form), choice, picks),
  ...pickedLayers(),
  also: extraBoxes(form)
    .filter((box) => box.checked)
    .map((box) => box.value),
});

/**
 * Return the form of a siting request.
 *
 * @param {SitingDefaults} defaults
 * @param {(request: SitingRequest, button: HTMLButtonElement) => void} onRequest
 */
export const sitingForm = (defaults, onRequest) => {
  const { least_distance_m: distance, most_per_township: most, share } = defaults.choice;
  const button = make("button.primary", translate("siting_go"));
  const form = make(
    "form.card.siting-form",
    questions(defaults),
    make(
      "div.fields",
      ...counts(defaults),
      numberField("share", translate("siting_share"), Math.round(share * PERCENT), {
        min: 1,
        max: 100,
        step: 1,
        required: true,
      }),
      numberField("distance", translate("siting_distance"), distance, { min: 1, max: 100_000, step: "any" }),
      numberField("per_township", translate("siting_per_township"), most, { min: 1, max: 500, step: 1 }),
    ),
    make("div.fields", extras(), button),
    conditionFields(defaults),
  );
  form.addEventListener("change", () => fit(form, defaults));
  // What is wrong within a closed part could not be shown.
  const open = () => {
    const details = form.querySelector("details");
    if (details) details.open = true;
  };
  form.addEventListener("invalid", open, true);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    onRequest(requestOf(form, defaults), button);
  });
  fit(form, defaults);
  return form;
};
