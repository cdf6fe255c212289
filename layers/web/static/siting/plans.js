// @ts-check
// Up to three plans kept in this window, side by side.

import { make, saveFile, smallButton } from "../core/elements.js";
import { lang } from "../core/settings.js";
import { translate, whole } from "../core/words.js";
import { MOST_PLANS, freeName, keptPlan, programmeRows } from "./comparison.js";
import * as planMaps from "./plan_maps.js";
import { valueText } from "./plan_values.js";
import { table } from "./results.js";

let storageKey = "";
/** @type {KeptPlan[]} */
let plans = [];

// Storage is closed in some browsers; the plans then last as long as the page.
const read = () => {
  try {
    const stored = JSON.parse(sessionStorage.getItem(storageKey) ?? "null");
    return Array.isArray(stored) ? stored.filter((plan) => plan.places).slice(0, MOST_PLANS) : [];
  } catch {
    return [];
  }
};

const write = () => {
  try {
    sessionStorage.setItem(storageKey, JSON.stringify(plans));
  } catch {
    // See above.
  }
};

/**
 * Take up the plans of a study's district.
 *
 * @param {Study} study
 */
export const setUp = (study) => {
  planMaps.setUp(study);
  const key = `kepu-siting-plans-${study.district.district_code}`;
  if (key === storageKey) return;
  storageKey = key;
  plans = read();
};

/**
 * Keep a plan.
 *
 * @param {string} name
 * @param {Plan} plan
 * @returns {boolean} whether there was room for it
 */
export const keep = (name, plan) => {
  if (plans.length >= MOST_PLANS) return false;
  plans.push(keptPlan(name, plan));
  write();
  return true;
};

/** Return a name for the next plan. */
export const nextName = () => freeName(plans);

/** @param {KeptPlan} plan */
const brokenList = (plan) =>
  plan.broken.length
    ? make("ul", ...plan.broken.map((row) => make("li", row[lang])))
    : translate("siting_yes_all");

/**
 * @param {KeptPlan} plan
 * @param {number} at
 * @param {PlanActions} on
 */
const planButtons = (plan, at, on) => {
  const { name, scenario } = plan;
  const file = `kepu-siting-plan-${at + 1}.toml`;
  return make(
    "span.actions",
    smallButton(translate("siting_open"), translate("siting_open_named", { name }), () => on.open(plan)),
    scenario &&
      smallButton(translate("siting_file_save"), translate("siting_file_named", { name }), () =>
        saveFile(file, "application/toml", scenario),
      ),
    smallButton(translate("siting_drop"), translate("siting_drop_named", { name }), () => {
      plans.splice(at, 1);
      write();
      on.drop();
    }),
  );
};

/** @param {PlanActions} on */
const comparison = (on) => {
  /** @type {(word: string, cell: (plan: KeptPlan, at: number) => Child) => Child[]} */
  const row = (word, cell) => [translate(word), ...plans.map(cell)];
  const rows = [
    row("siting_question", (plan) => plan.asked[lang]),
    row("siting_basis", (plan) => plan.basis[lang]),
    row("siting_result", (plan) => make("b", valueText(plan.result))),
    row("siting_site_count", (plan) => whole(plan.sites.length)),
    ...programmeRows(plans),
    row("siting_rules", brokenList),
    row("siting_edit", (plan, at) => planButtons(plan, at, on)),
  ];
  return table(
    translate("siting_plans"),
    [[""], .../** @type {[string][]} */ (plans.map(({ name }) => [name]))],
    rows,
  );
};

/**
 * Return the card that compares the plans.
 *
 * @param {PlanActions} on
 */
export const plansCard = (on) => {
  const maps = make("div.siting-pair");
  const card = make(
    "div.card.wide.siting-plans",
    make("h2", translate("siting_plans")),
    plans.length ? comparison(on) : make("p", translate("siting_plans_none")),
    maps,
    plans.length > 0 && make("p.note", translate("siting_plans_note")),
  );
  // Once it stands in the page: a map has no size before.
  requestAnimationFrame(() => planMaps.draw(maps, plans));
  return card;
};
