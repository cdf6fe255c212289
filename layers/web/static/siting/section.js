// @ts-check
// The section of siting: a request, the search, and what a person changes of its proposal by hand.

import { byId, make, option, smallButton } from "../core/elements.js";
import { lang } from "../core/settings.js";
import * as source from "../core/source.js";
import { CLAUSE_MARK, translate } from "../core/words.js";
import { pick, setOnPick } from "./conditions.js";
import { extras } from "./extras.js";
import { sitingForm } from "./form.js";
import { fixedItemsOf, isAsProposed, itemsOf, pointSite, withSite, withoutSite } from "./items.js";
import * as kept from "./plans.js";
import { comparedText, valueText } from "./plan_values.js";
import { brokenRules, proofCard, reachedCard, sitesCard } from "./results.js";
import { isLatest, nextTurn, progressText, search, writeState } from "./search.js";
import * as sites from "./sites.js";

/** @param {string} name */
const part = (name) => make(`div.part.${name}`);
// The parts of the section in their order, with the classes that they have.
const parts = {
  form: part("ask"),
  state: part("state"),
  proposal: part("proposal"),
  edit: part("edit"),
  note: part("told"),
  sites: part("sites"),
  reached: part("reached"),
  extras: part("extras"),
  plans: part("plans"),
};
parts.note.setAttribute("role", "status");

/** @type {Study} */
let study;
/** @type {Plan | null} */
let plan = null;
/** @type {string | null} */
let basis = null;
let edits = 0;

/** @param {unknown} error */
const reasonOf = (error) => /** @type {Error} */ (error).message;

/** @param {string} text of the search */
const writeSearch = (text) => writeState(parts.state, text);

// Of what a person did; the search has a line of its own.
const writeNote = (/** @type {string} */ text) => parts.note.replaceChildren(make("p.siting-status", text));

// ---- the search ----------------------------------------------------------------------------

/**
 * The plan first; what is requested besides comes after it, one by one.
 *
 * @param {SitingRequest} request
 * @param {HTMLButtonElement} button
 */
const run = async (request, button) => {
  const turn = nextTurn();
  button.disabled = true;
  try {
    const options = { turn, place: parts.state, text: progressText };
    const ended = await search(study, { ...request, also: [] }, options);
    if (ended && !ended.proposal) writeSearch(translate("siting_cancelled"));
    else if (ended && (await takeProposal(ended, request, turn))) await runExtras(request, turn);
  } catch (error) {
    if (isLatest(turn)) writeSearch(translate("siting_failed", { reason: reasonOf(error) }));
  } finally {
    button.disabled = false;
  }
};

/**
 * @param {Job} job
 * @param {SitingRequest} request
 * @param {number} turn
 */
const takeProposal = async (job, { siting, exclusions, parcels }, turn) => {
  const proposal = /** @type {Proposal} */ (job.proposal);
  const layers = { exclusions, parcels };
  const proposed = proposal.sites.map((row) => ({ programme: row.programme, candidate_id: row.candidate_id }));
  const result = await source.siting.whatIf(study, lang, { siting, sites: proposed, ...layers });
  if (!isLatest(turn)) return false;
  edits += 1;
  plan = { siting, layers, sites: proposed, result, proposal, proposed, base: result };
  parts.proposal.replaceChildren(proofCard(proposal, job.cancelled));
  parts.extras.replaceChildren();
  parts.note.replaceChildren();
  draw();
  sites.showAll();
  writeSearch(translate("siting_done"));
  return true;
};

/**
 * @param {SitingRequest} request
 * @param {number} turn
 */
const runExtras = async ({ also, ...question }, turn) => {
  for (const name of also) {
    const what = translate(`also_${name}`);
    /** @type {(job: Job, isCancelled: boolean) => string} */
    const text = (_, isCancelled) => translate(isCancelled ? "siting_stopping" : "siting_extra", { what });
    try {
      const ended = await search(study, { ...question, also: [name] }, { turn, place: parts.state, text });
      if (!ended) return;
      if (!ended.proposal || ended.cancelled) {
        writeSearch(translate("siting_extra_off", { what }));
        return;
      }
      const address = source.siting.frontierAddress(ended.job_id, lang);
      parts.extras.append(extras[name](ended.proposal, address, adopt));
    } catch (error) {
      if (isLatest(turn)) writeSearch(translate("siting_extra_failed", { what, reason: reasonOf(error) }));
      return;
    }
  }
  writeSearch(translate("siting_done"));
};

/**
 * Take another plan that was computed, as if it were placed by hand, so that it can be changed.
 *
 * @param {PlacedSite[]} placed
 */
const adopt = (placed) => {
  change(() => placed).then(sites.showAll);
  byId("map-region").scrollIntoView();
};

// ---- by hand -------------------------------------------------------------------------------

/** @param {Plan} shown */
const verdict = (shown) =>
  isAsProposed(shown) ? translate("siting_same") : comparedText(shown.result, shown.base);

// The table is made anew after each change; a keyboard stays where it was in it.
const focusKeeper = () => {
  const scrolled = () => parts.sites.querySelector(".table-scroll");
  const buttons = () => [...parts.sites.querySelectorAll("button")];
  const at = buttons().findIndex((button) => button === document.activeElement);
  const top = scrolled()?.scrollTop ?? 0;
  return () => {
    const table = scrolled();
    if (table) table.scrollTop = top;
    const left = buttons();
    if (at >= 0 && left.length) left[Math.min(at, left.length - 1)].focus({ preventScroll: true });
  };
};

/** @type {SiteActions} */
const siteActions = {
  pick,
  remove: (number) => change((placed) => withoutSite(placed, number)),
  swap: (number, id) =>
    change((placed) => withSite(placed, number, ({ programme }) => ({ programme, candidate_id: id }))),
};

/** @type {(number: number, position: L.LatLng) => void} */
const moveSite = (number, position) =>
  change((placed) => withSite(placed, number, ({ programme }) => pointSite(programme, position)));

const draw = () => {
  if (!plan) return;
  const { result } = plan;
  const items = itemsOf(plan);
  const keepFocus = focusKeeper();
  sites.show(items, result.programmes, { grid: result.choice.candidates.grid_m, onMove: moveSite });
  drawBar(plan);
  parts.edit.replaceChildren(editor(plan, items.length > 0));
  parts.sites.replaceChildren(sitesCard(items, sites.locate, siteActions));
  keepFocus();
  parts.reached.replaceChildren(...result.programmes.map(reachedCard));
  drawPlans();
};

/**
 * @param {Plan} shown
 * @param {...Node} more in the place of the button that leads back
 */
const drawBar = (shown, ...more) => {
  const count = shown.result.broken.length;
  const back = () => smallButton(translate("siting_back"), null, () => parts.edit.scrollIntoView());
  sites.writeBar(
    make("b", valueText(shown.result)),
    make("span", verdict(shown)),
    count > 0 && make("span.warn", translate("siting_broken_short", { count })),
    ...(more.length ? more : [back()]),
  );
};

/**
 * Change the plan's sites and show what that changes; where the service refuses, all stays.
 *
 * @param {(placed: PlacedSite[]) => PlacedSite[]} edit
 * @param {Omit<Plan, "sites" | "result"> | null} [opened] the plan to begin with where there is none
 */
const change = async (edit, opened = null) => {
  const turn = ++edits;
  const base = /** @type {Omit<Plan, "sites" | "result">} */ (plan ?? opened);
  const placed = edit(plan ? plan.sites : []);
  try {
    const { siting, layers } = base;
    const result = await source.siting.whatIf(study, lang, { siting, sites: placed, ...layers });
    if (turn !== edits) return;
    plan = { ...base, sites: placed, result };
    draw();
    writeNote(`${valueText(result)}${CLAUSE_MARK}${verdict(plan)}`);
  } catch (error) {
    if (turn !== edits) return;
    const refusal = translate("siting_refused", { reason: reasonOf(error) });
    writeNote(refusal);
    if (!plan) return;
    draw();
    drawBar(plan, make("span.warn", refusal));
  }
};

/**
 * Add a site of a programme where a person clicks, or in the middle of the map.
 *
 * @param {string} programme
 */
const addSite = (programme) => {
  const put = (/** @type {L.LatLng} */ position) =>
    change((placed) => [...placed, pointSite(programme, position)]);
  const write = (/** @type {Node[]} */ ...more) => plan && drawBar(plan, ...more);
  sites.place(put, () => write());
  const middle = smallButton(translate("siting_add_centre"), null, () => put(sites.centre()));
  write(make("span", translate("siting_adding")), middle);
  middle.focus({ preventScroll: true });
};

/**
 * @param {Plan} shown
 * @param {boolean} hasSites
 */
const editor = (shown, hasSites) => {
  const { result, proposal, proposed } = shown;
  const names = new Map(study.townships.map((row) => [row.township_code, row.name_zh]));
  const programme = make("select", ...result.programmes.map((row) => option(row.kind, row[lang])));
  programme.name = "add_for";
  const name = make("input");
  Object.assign(name, { name: "plan_name", value: kept.nextName(), maxLength: 40 });
  const restore = smallButton(translate("siting_restore"), null, () => change(() => proposed ?? []));
  restore.disabled = !proposal || isAsProposed(shown);
  const value = translate("siting_value", { value: valueText(result) });
  return make(
    "div.card.wide.siting-edit",
    make("h2", translate("siting_what_if")),
    make("p.siting-value", make("b", value), make("span", verdict(shown))),
    brokenRules(result, names),
    make(
      "div.tools",
      make("label", `${translate("siting_add_for")} `, programme),
      smallButton(translate("siting_add"), null, () => addSite(programme.value)),
      restore,
      make("label", `${translate("siting_plan_name")} `, name),
      smallButton(translate("siting_save"), null, () => keepPlan(name.value.trim() || kept.nextName())),
    ),
    make("p.note", hasSites ? translate("siting_what_if_note") : ""),
  );
};

// ---- plans ---------------------------------------------------------------------------------

/** @param {string} name */
const keepPlan = (name) => {
  const isKept = kept.keep(name, /** @type {Plan} */ (plan));
  writeNote(isKept ? translate("siting_saved", { name }) : translate("siting_full"));
  draw();
};

/** @param {KeptPlan} kept */
const openPlan = ({ siting, layers, sites: placed }) => {
  const opened = { siting, layers, proposal: null, proposed: null, base: null };
  if (!plan || JSON.stringify(siting) !== JSON.stringify(plan.siting)) {
    if (plan) plan = { ...plan, ...opened };
    parts.proposal.replaceChildren();
    parts.extras.replaceChildren();
  }
  change(() => placed, opened).then(sites.showAll);
};

const drawPlans = () => parts.plans.replaceChildren(kept.plansCard({ open: openPlan, drop: drawPlans }));

// ---- the section ---------------------------------------------------------------------------

/** @param {Study} shown */
const basisOf = (shown) => [shown.on, shown.caliber, shown.scope, shown.denominator.id].join("|");

/**
 * Fill the section once: what a person is typing stays, and so does the cursor, when the date changes.
 *
 * @param {SitingDefaults} defaults
 */
const setUp = (defaults) => {
  if (!parts.form.firstElementChild) {
    parts.form.replaceChildren(sitingForm(defaults, run));
    const intro = make("div.part.intro", make("h2", translate("siting")), make("p", translate("siting_intro")));
    byId("siting").replaceChildren(intro, ...Object.values(parts));
  }
  kept.setUp(study);
  drawPlans();
};

setOnPick(writeNote);

const leave = () => {
  nextTurn();
  edits += 1;
  const { proposal, edit, note, sites: siteTable, reached, extras: extraCards } = parts;
  for (const place of [proposal, edit, note, siteTable, reached, extraCards]) place.replaceChildren();
  if (parts.state.firstElementChild) writeSearch(translate("siting_changed_basis"));
  plan = null;
  sites.clear();
};

// A file shows the plan that was computed for it, if any, and cannot request another.
const drawFile = () => {
  const place = byId("siting");
  const intro = (/** @type {string} */ word, values = {}) =>
    make("div.part.intro", make("h2", translate("siting")), make("p.note", translate(word, values)));
  const { proposal } = source;
  if (!proposal) {
    place.replaceChildren(intro("siting_file"));
    return;
  }
  const items = fixedItemsOf(proposal);
  const title = translate("siting_file_legend", { on: proposal.on });
  const grid = proposal.choice.candidates.grid_m;
  sites.show(items, proposal.programmes, { grid, onMove: null, title });
  place.replaceChildren(
    intro("siting_file_plan", { basis: `${proposal.on} · ${proposal.denominator[lang]}` }),
    proofCard(proposal, false),
    sitesCard(items, sites.locate, null),
    make("div.part.reached", ...proposal.programmes.map(reachedCard)),
  );
};

/**
 * Draw the section anew when the date or the basis has changed: a plan belongs to its figures.
 *
 * @param {Study} shown
 */
export const drawSection = async (shown) => {
  if (source.isFile) {
    drawFile();
    return;
  }
  const shownBasis = basisOf(shown);
  if (shownBasis === basis) return;
  study = shown;
  basis = shownBasis;
  leave();
  try {
    const defaults = await source.siting.defaults(shown, lang);
    if (basis === shownBasis) setUp(defaults);
  } catch (error) {
    // Whoever tries again must not be taken for one who has it already.
    if (basis === shownBasis) basis = null;
    throw error;
  }
};
