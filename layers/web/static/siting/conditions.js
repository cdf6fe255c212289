// @ts-check
// Further conditions of a siting question: travel, limits, costs, candidates, layers of the office.

import { make } from "../core/elements.js";
import { vocabulary } from "../core/settings.js";
import { label, translate } from "../core/words.js";
import { FIELD_GOES_WITH, SOURCES } from "./question.js";

// The service takes no more than a megabyte.
const MOST_BYTES = 900_000;
const PERCENT = 100;
const MOST_SECONDS = 120;

/**
 * What a person has picked in tables and files; it outlives the form.
 *
 * @type {Picks}
 */
export const picks = { required: new Map(), forbidden: new Map(), exclusions: null, parcels: null };

/** @type {(text: string) => void} */
let onPick = () => {};

/** @param {string} name of a field; of "minutes:KIND" the word is that of minutes */
const fieldWord = (name) => translate(`set_${name.replace(/:.*/, "")}`);

/**
 * @param {string} name
 * @param {number | string | null | undefined} value
 * @param {object} limits
 * @param {string} [hint] a word
 */
const numberField = (name, value, limits, hint) => {
  const input = make("input");
  Object.assign(input, { type: "number", name, ...limits });
  input.defaultValue = String(value ?? "");
  return make(
    "label.field",
    make("span", fieldWord(name)),
    input,
    hint ? make("small", translate(hint)) : null,
  );
};

/**
 * @param {string} name
 * @param {boolean} isOn
 */
const tick = (name, isOn) => {
  const box = make("input");
  Object.assign(box, { type: "checkbox", name, value: name, defaultChecked: isOn });
  return make("label.option", box, make("span", fieldWord(name)));
};

/**
 * @param {string} name
 * @param {string} value
 * @param {[string, string][]} options
 */
const list = (name, value, options) => {
  const select = make("select");
  select.name = name;
  for (const [key, text] of options) {
    const option = make("option", text);
    Object.assign(option, { value: key, defaultSelected: key === value });
    select.append(option);
  }
  return make("label.field", make("span", fieldWord(name)), select);
};

/**
 * @param {string} title
 * @param {...Child} rows
 */
const group = (title, ...rows) => make("fieldset", make("legend", title), make("div.fields", ...rows));

/** @param {SitingProgramme} programme */
const programmeFields = ({ kind, mode, minutes, settlement, first_phase: first }) =>
  group(
    label("kind", kind),
    list(
      `mode:${kind}`,
      mode,
      Object.keys(vocabulary.labels.mode).map((key) => [key, label("mode", key)]),
    ),
    numberField(`minutes:${kind}`, minutes, { min: 1, max: 600, step: "any", required: true }),
    list(`settlement:${kind}`, settlement ?? "", [
      ["", translate("settlement_any")],
      ["rural", translate("settlement_rural")],
      ["urban", translate("settlement_urban")],
    ]),
    numberField(`first_phase:${kind}`, first, { min: 1, max: 500, step: 1 }, "first_phase_hint"),
  );

const SHARE = { min: 0, max: 100, step: "any" };

/** @param {SitingChoice} choice */
const limitFields = (choice) =>
  group(
    translate("siting_limits"),
    numberField("floor", choice.floor_share * PERCENT || "", SHARE, "floor_hint"),
    numberField(
      "suitability",
      choice.suitability_weight || "",
      { min: 0, max: 10_000_000, step: "any" },
      "suitability_hint",
    ),
    numberField("named_loss", choice.named_loss_share * PERCENT, SHARE, "named_loss_hint"),
    numberField("first_weight", choice.first_weight * PERCENT, SHARE),
    numberField("time_limit", Math.min(choice.time_limit_s, MOST_SECONDS), {
      min: 1,
      max: MOST_SECONDS,
      step: 1,
      required: true,
    }),
    tick("together", choice.together),
  );

/** @param {SitingChoice} choice */
const costFields = (choice) =>
  group(
    translate("siting_costs"),
    numberField("budget", choice.costs.budget, { min: 0, step: "any" }),
    ...SOURCES.map((name) => numberField(`cost_${name}`, choice.costs[name] || "", { min: 0, step: "any" })),
  );

/** @param {SitingChoice} choice */
const candidateFields = (choice) =>
  group(
    translate("siting_candidates"),
    tick("hosts", choice.candidates.host_kinds.length > 0),
    tick("villages", choice.candidates.villages),
    numberField("grid", choice.candidates.grid_m, { min: 200, max: 20_000, step: "any" }, "grid_hint"),
    upload("exclusions"),
    upload("parcels"),
    chips(),
  );

// ---- files and picked candidates ---------------------------------------------------------

const shown = {
  exclusions: make("small.file-name"),
  parcels: make("small.file-name"),
  chips: make("div.chips"),
};

/** @param {LayerName} name */
const drawFile = (name) => {
  const layer = picks[name];
  if (!layer) {
    shown[name].replaceChildren(translate("file_hint"));
    return;
  }
  const drop = make("button.small", translate("file_drop"));
  drop.type = "button";
  drop.addEventListener("click", () => {
    picks[name] = null;
    drawFile(name);
  });
  const text = translate("file_taken", { name: layer.name, count: layer.count });
  shown[name].replaceChildren(make("span", text), drop);
};

/**
 * @param {LayerName} name
 * @param {File | undefined} file
 */
const readFile = async (name, file) => {
  if (!file) return;
  const fail = (/** @type {string} */ reason) => {
    picks[name] = null;
    drawFile(name);
    shown[name].prepend(make("span.warn", `${translate(reason)} `));
  };
  if (file.size > MOST_BYTES) {
    fail("file_large");
    return;
  }
  try {
    const content = JSON.parse(await file.text());
    if (!content || !Array.isArray(content.features)) {
      fail("file_no_geojson");
      return;
    }
    picks[name] = { name: file.name, count: content.features.length, content };
    drawFile(name);
  } catch {
    fail("file_no_geojson");
  }
};

/** @param {LayerName} name */
const upload = (name) => {
  const input = make("input");
  Object.assign(input, { type: "file", accept: ".geojson,.json" });
  input.dataset.layer = name;
  input.addEventListener("change", () => readFile(name, input.files?.[0]));
  drawFile(name);
  return make("div.field.file", make("label", make("span", fieldWord(name)), input), shown[name]);
};

/**
 * @param {PickList} pickList
 * @param {string} id
 * @param {string} name
 */
const chip = (pickList, id, name) => {
  const button = make("button.small.chip", `${translate(`chip_${pickList}`, { name })} ✕`);
  button.type = "button";
  button.setAttribute("aria-label", translate("chip_drop", { name }));
  button.addEventListener("click", () => {
    picks[pickList].delete(id);
    drawChips();
  });
  return button;
};

const drawChips = () => {
  const all = /** @type {PickList[]} */ (["required", "forbidden"]).flatMap((pickList) =>
    [...picks[pickList]].map(([id, name]) => chip(pickList, id, name)),
  );
  shown.chips.replaceChildren(...(all.length ? all : [make("small", translate("chips_none"))]));
};

const chips = () => {
  drawChips();
  shown.chips.setAttribute("role", "group");
  shown.chips.setAttribute("aria-label", translate("siting_candidates"));
  return shown.chips;
};

/**
 * Put a site of the table on a list: next time it must be chosen, or must not.
 *
 * @param {PickList} pickList
 * @param {string} id
 * @param {string} name
 */
export const pick = (pickList, id, name) => {
  picks[pickList === "required" ? "forbidden" : "required"].delete(id);
  picks[pickList].set(id, name);
  drawChips();
  onPick(translate(`picked_${pickList}`, { name }));
};

/** @param {(text: string) => void} report is given what a pick means */
export const setOnPick = (report) => {
  onPick = report;
};

/** Return the layers that a person has given, as the service takes them. */
export const pickedLayers = () =>
  Object.fromEntries(
    /** @type {LayerName[]} */ (["exclusions", "parcels"]).flatMap((name) => {
      const layer = picks[name];
      return layer ? [[name, layer.content]] : [];
    }),
  );

// ---- the whole ---------------------------------------------------------------------------

/**
 * Return the part of the form that holds the conditions.
 *
 * @param {SitingDefaults} defaults
 */
export const conditionFields = ({ choice }) =>
  make(
    "details.conditions",
    make("summary", translate("siting_conditions")),
    make(
      "div.condition-groups",
      ...choice.programmes.map(programmeFields),
      limitFields(choice),
      costFields(choice),
      candidateFields(choice),
    ),
  );

/**
 * Show the fields that go with a question and hide the others.
 *
 * @param {HTMLFormControlsCollection} elements
 * @param {string} question
 */
export const fitFields = (elements, question) => {
  for (const element of elements) {
    const { name } = /** @type {HTMLInputElement} */ (element);
    const goesWith = FIELD_GOES_WITH.get(name.replace(/:.*/, ""));
    const field = element.closest("label");
    if (goesWith && field) field.hidden = !goesWith(question);
  }
};
