// @ts-check
// What a siting plan states: its proof, whom it reaches, its sites and the rules that it breaks.

import { headCell, make, smallButton } from "../core/elements.js";
import { lang } from "../core/settings.js";
import { CLAUSE_MARK, figure, localised, translate, whole } from "../core/words.js";
import { nextText } from "./items.js";
import { audienceText, brokenText, reachedFigures } from "./plan_values.js";
import { kindText, sign } from "./sites.js";

/**
 * Return a table that scrolls; the first cell of a row is its head.
 *
 * @param {string} caption
 * @param {[text: string, isFigure?: boolean][]} columns
 * @param {Child[][]} rows
 */
export const table = (caption, columns, rows) => {
  const head = columns.map(([text, isFigure]) => headCell("col", text, isFigure ? "th.number" : "th"));
  const body = rows.map((cells) =>
    make(
      "tr",
      ...cells.map((content, index) => {
        const cell = index ? make("td", content) : headCell("row", content);
        if (columns[index][1]) cell.classList.add("number");
        return cell;
      }),
    ),
  );
  const inner = make(
    "table.figures-table",
    make("caption", caption),
    make("thead", make("tr", ...head)),
    make("tbody", ...body),
  );
  const scrolled = make("div.table-scroll", inner);
  scrolled.tabIndex = 0;
  scrolled.setAttribute("role", "group");
  scrolled.setAttribute("aria-label", caption);
  return scrolled;
};

/**
 * Return what the solver has proved of a proposal.
 *
 * @param {Proposal} proposal
 * @param {boolean} isCancelled whether the search was cancelled before its end
 */
export const proofCard = (proposal, isCancelled) => {
  const count = whole(proposal.proof.candidate_count);
  const seconds = figure(proposal.proof.seconds, 1);
  const notes = [translate("siting_pool", { count, seconds }), proposal.travel[lang], proposal.surface[lang]];
  const mark = proposal.demonstration && make("b.mark.demo", translate("is_demonstration"));
  return make(
    "div.card.wide.siting-proof",
    make("h2", translate("siting_proof"), mark),
    make("p", make("strong", proposal.proof[lang])),
    isCancelled && make("p", translate("siting_called_off")),
    make("p.note", notes.join(CLAUSE_MARK)),
  );
};

/**
 * Return whom a programme reaches: first those whom it is for, then every audience, wherever they
 * live.
 *
 * @param {Programme} programme
 */
export const reachedCard = (programme) => {
  const own = make("b", translate("siting_target", { audience: localised(programme, "audience") }));
  const title = `${translate("siting_reached")} · ${programme[lang]}`;
  /** @type {[string, boolean?][]} */
  const columns = [
    [translate("siting_audience")],
    [translate("siting_total"), true],
    [translate("siting_before"), true],
    [translate("siting_after"), true],
    [translate("siting_gain"), true],
  ];
  const rows = [
    [own, ...reachedFigures(programme.demand)],
    ...programme.by_audience.map((row) => [audienceText(row.audience), ...reachedFigures(row)]),
  ];
  return make(
    "div.card.siting-reached",
    make("h2", title),
    table(title, columns, rows),
    make("p.note", translate("siting_reached_note", { count: whole(programme.existing_count) })),
  );
};

/**
 * @param {SiteItem} item
 * @param {SiteActions} on
 */
const editButtons = (item, on) => {
  const { number, next } = item;
  const place = item.row.name;
  const id = item.placed.candidate_id;
  const pickButton = (/** @type {string} */ word, /** @type {PickList} */ list) =>
    id && smallButton(translate(word), translate(`${word}_named`, { place }), () => on.pick(list, id, place));
  const taken = next && next.id;
  const swapName = next && translate("siting_swap_named", { number, place: next.name });
  return make(
    "span.actions",
    smallButton(translate("siting_remove"), translate("siting_remove_named", { number, place }), () =>
      on.remove(number),
    ),
    pickButton("siting_require", "required"),
    pickButton("siting_forbid", "forbidden"),
    taken && smallButton(translate("siting_swap"), swapName, () => on.swap(number, taken)),
  );
};

/**
 * @param {SiteItem} item
 * @param {boolean} isPhased
 * @param {SiteActions | null} on
 * @returns {Child[]}
 */
const siteCells = (item, isPhased, on) => {
  const { row } = item;
  const link = make("button.link", row.name);
  link.type = "button";
  return [
    make("span.name", sign(item.at, item.number, 24), make("span.visually-hidden", item.number)),
    ...(isPhased ? [item.phase ? translate(`siting_phase_${item.phase}`) : null] : []),
    localised(row, "programme"),
    link,
    row.township_name,
    kindText(item),
    whole(row.newly_covered),
    whole(row.covered_alone),
    nextText(item),
    ...(on ? [editButtons(item, on)] : []),
  ];
};

/**
 * Return the table of a plan's sites.
 *
 * @param {SiteItem[]} items
 * @param {(number: number) => void} locate shows a site on the map
 * @param {SiteActions | null} on what a person may do with a site; null where the plan is fixed
 */
export const sitesCard = (items, locate, on) => {
  const isPhased = items.some((item) => item.phase);
  /** @type {[string, boolean?][]} */
  const columns = [
    [translate("siting_number")],
    .../** @type {[string][]} */ (isPhased ? [[translate("siting_phase")]] : []),
    [translate("siting_programme")],
    [translate("siting_place")],
    [translate("township")],
    [translate("siting_source")],
    [translate("siting_newly"), true],
    [translate("siting_alone"), true],
    [translate("siting_next")],
    .../** @type {[string][]} */ (on ? [[translate("siting_edit")]] : []),
  ];
  const title = translate("siting_sites", { count: items.length });
  const scrolled = table(
    title,
    columns,
    items.map((item) => siteCells(item, isPhased, on)),
  );
  scrolled.classList.add("site-table");
  scrolled.classList.toggle("fixed", !on);
  scrolled
    .querySelectorAll("tbody tr")
    .forEach((line, index) => line.addEventListener("click", () => locate(items[index].number)));
  const note = translate(on ? "siting_sites_note" : "siting_file_sites_note");
  return make(
    "div.card.wide",
    make("h2", title),
    scrolled,
    make("p.note", isPhased && translate("siting_phase_note"), note),
  );
};

/**
 * Return the rules that a plan breaks.
 *
 * @param {PlanResult} result
 * @param {Map<string, string>} names of townships by code
 */
export const brokenRules = ({ broken }, names) => {
  if (!broken.length) return make("p.kept", translate("siting_kept"));
  const items = broken.map((row) => make("li", brokenText(row, names)));
  return make(
    "div.broken",
    make("p", translate("siting_broken", { count: broken.length })),
    make("ul", ...items),
  );
};
