// @ts-check
// Reads the address, loads the data, draws, and keeps the address in step.

import { byId, option } from "./core/elements.js";
import { targetsOf } from "./core/filters.js";
import { TYPING_MS, lang, vocabulary, words } from "./core/settings.js";
import * as source from "./core/source.js";
import { label, targetId, targetName, translate } from "./core/words.js";
import { parseView, viewQuery } from "./core/view.js";
import * as map from "./map/map.js";
import * as analysis from "./panels/analysis.js";
import * as figures from "./panels/figures.js";
import * as legend from "./panels/legend.js";
import * as notes from "./panels/notes.js";
import * as quality from "./panels/quality.js";
import * as scoreCard from "./panels/score_card.js";
import * as table from "./panels/table.js";
import { drawSection } from "./siting/section.js";

// On a phone the choices scroll sideways; a few pixels that are left are no more of them.
const SCROLL_SLACK = 8;

const form = /** @type {HTMLFormElement} */ (byId("choices"));
const dateField = /** @type {HTMLInputElement} */ (form.elements.namedItem("on"));
const view = parseView(location.search);
let isFirst = true;
let latest = 0;
/** @type {Study | null} */
let study = null;
/** @type {Trend | null} */
let trend = null;

const writeAddress = () => {
  try {
    history.replaceState(null, "", viewQuery(view, lang));
  } catch {
    // A file opened from a stick keeps its address in some browsers.
  }
};

/**
 * Write the page's message. What went wrong stands out.
 *
 * @param {string} text "" hides the message
 * @param {object} [options]
 * @param {boolean} [options.isFailure]
 * @param {boolean} [options.canRetry] only what can be tried again has a button for it
 */
const writeMessage = (text, { isFailure = false, canRetry = false } = {}) => {
  const place = byId("message");
  byId("message-text").textContent = text;
  byId("retry").hidden = !canRetry;
  place.classList.toggle("failed", isFailure);
  place.hidden = !text;
};

/**
 * @param {string} name
 * @param {[string, string][]} pairs
 * @param {string} chosen
 */
const fillList = (name, pairs, chosen) => {
  const list = /** @type {HTMLSelectElement} */ (form.elements.namedItem(name));
  list.replaceChildren(...pairs.map(([value, text]) => option(value, text, value === chosen)));
};

/** @param {Study} shown */
const fillForm = (shown) => {
  const { options } = shown;
  dateField.defaultValue = shown.on;
  // A date that is being typed stays as it is.
  if (dateField !== document.activeElement) dateField.value = shown.on;
  dateField.disabled = source.isFile;
  fillList(
    "caliber",
    options.calibers.map((item) => [item, label("caliber", item)]),
    shown.caliber,
  );
  fillList(
    "scope",
    options.scopes.map((item) => [item, label("scope", item)]),
    shown.scope,
  );
  fillList(
    "denominator",
    options.denominators.map((item) => [item.id, item[lang]]),
    shown.denominator.id,
  );
  /** @type {[string, string][]} */
  const groups = Object.keys(vocabulary.symbols).map((item) => [item, label("group", item)]);
  fillList("group", [["", translate("all_groups")], ...groups], view.group);
  /** @type {[string, string][]} */
  const targets = targetsOf(shown.district.coverage, view.group).map((row) => [
    targetId(row),
    targetName(row.group, row.kind),
  ]);
  fillList("gap", [["", translate("no_gap_layer")], ...targets], view.gap);
  markMore();
};

/** @param {Study} shown */
const drawPanels = (shown) => {
  figures.draw(shown, view);
  legend.draw(shown, view);
  notes.draw(shown, view);
};

// Each part is drawn as soon as it can be; a view that was chosen meanwhile takes over.
const refresh = async () => {
  const turn = ++latest;
  writeMessage(translate("loading"));
  try {
    const data = await source.load(view, lang);
    if (turn !== latest) return;
    fillForm(data.study);
    drawPanels(data.study);
    map.draw(data, view, isFirst);
    table.draw(data.study, view.sort);
    study = data.study;
    scoreCard.draw(study, trend);
    isFirst = false;
    const [newTrend] = await Promise.all([analysis.draw(study), quality.draw(study)]);
    if (turn !== latest) return;
    trend = newTrend;
    scoreCard.draw(study, trend);
    await drawSection(study);
    if (turn !== latest) return;
    writeMessage("");
    document.documentElement.dataset.ready = "yes";
  } catch (error) {
    if (turn !== latest) return;
    const reason = /** @type {Error} */ (error).message;
    writeMessage(`${translate("failed")}: ${reason}`, { isFailure: true, canRetry: true });
  }
};

const writeWords = () => {
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-word]"))) {
    element.textContent = words[String(element.dataset.word)];
  }
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (
    document.querySelectorAll("[data-word-label]")
  )) {
    element.setAttribute("aria-label", words[String(element.dataset.wordLabel)]);
  }
  byId("page-title").textContent = translate("product");
  byId("language").textContent = translate("language");
};

/** @type {ReturnType<typeof setTimeout> | undefined} */
let typing;

const refuseDate = () => {
  const { min: first, max: last, defaultValue: on } = dateField;
  writeMessage(translate("date_refused", { first, last, on }), { isFailure: true });
};

const isDateValid = () => Boolean(dateField.value) && dateField.validity.valid;

const readDate = () => {
  if (!isDateValid()) {
    refuseDate();
    return;
  }
  if (dateField.value === view.on) {
    writeMessage("");
    return;
  }
  view.on = dateField.value;
  writeAddress();
  refresh();
};

// Whoever leaves the field without a date that is possible learns so, and sees the one that holds.
dateField.addEventListener("blur", () => {
  if (isDateValid()) return;
  clearTimeout(typing);
  dateField.value = dateField.defaultValue;
  refuseDate();
});

form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("change", (event) => {
  const { name, value } = /** @type {HTMLSelectElement} */ (event.target);
  if (!(name in view)) return;
  if (name === "on") {
    // A year that is typed passes by 0002 on its way to 2025: it is read when the typing rests.
    clearTimeout(typing);
    typing = setTimeout(readDate, TYPING_MS);
    return;
  }
  view[/** @type {keyof View} */ (name)] = value;
  if (name === "group" && value) view.gap = `any-${value}`;
  writeAddress();
  refresh();
});
byId("language").addEventListener("click", () => {
  const parameters = new URLSearchParams(location.search);
  parameters.set("lang", lang === "zh" ? "en" : "zh");
  location.search = String(parameters);
});
byId("print").addEventListener("click", () => window.print());
byId("retry").addEventListener("click", refresh);

// The map fills the first screen, however many lines the choices take.
const head = /** @type {HTMLElement} */ (document.querySelector(".top"));
new ResizeObserver(() => {
  document.documentElement.style.setProperty("--top", `${head.offsetHeight}px`);
}).observe(head);

// On a phone the choices take one line, with a sign while there are more of them.
const markMore = () =>
  form.classList.toggle("more", form.scrollLeft + form.clientWidth < form.scrollWidth - SCROLL_SLACK);
form.addEventListener("scroll", markMore, { passive: true });
new ResizeObserver(markMore).observe(form);

/** @param {string} code */
const chooseTownship = (code) => {
  table.mark(code);
  scoreCard.choose(code);
  if (study) scoreCard.draw(study, trend);
};

/** @param {string} name of a list that was drawn anew while it was in use */
const focusList = (name) => /** @type {HTMLElement} */ (document.querySelector(`select[name=${name}]`)).focus();

writeWords();
map.setUp({ onTownship: chooseTownship });
figures.setUp({
  onAudience: (audience) => {
    if (!study) return;
    view.audience = audience;
    writeAddress();
    drawPanels(study);
    map.drawGaps(view);
    focusList("audience");
  },
});
legend.setUp({
  onMeasure: (name) => {
    view.measure = name;
    writeAddress();
    refresh().then(() => focusList("measure"));
  },
});
table.setUp({
  onLocate: (code) => {
    map.locate(code);
    chooseTownship(code);
    byId("map-region").scrollIntoView({ block: "nearest" });
  },
  onSort: (sort) => {
    view.sort = sort;
    writeAddress();
  },
});
refresh();
