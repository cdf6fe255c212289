// @ts-check
// What is computed besides a plan: other plans, the frontier, and how the plan holds.

import { make, picture, smallButton } from "../core/elements.js";
import { LIST_MARK, NONE, bracket, figure, localised, percent, translate, whole } from "../core/words.js";
import { table } from "./results.js";

/** @param {number} change */
const signed = (change) => {
  if (change === 0) return `±${whole(0)}`;
  return `${change > 0 ? "+" : "−"}${whole(Math.abs(change))}`;
};

/**
 * @param {{ sites: PlacedSite[] }} row
 * @param {number} at
 * @param {(sites: PlacedSite[]) => void} adopt
 */
const useButton = (row, at, adopt) =>
  smallButton(translate("siting_use"), translate("siting_use_named", { number: at + 1 }), () =>
    adopt(row.sites),
  );

/** @type {Extra} */
const alternatives = (proposal, _address, adopt) => {
  const names = (/** @type {string[]} */ places) => places.join(LIST_MARK) || NONE;
  const rows = proposal.alternatives.map((row, at) => [
    String(at + 1),
    whole(Math.abs(row.objective)),
    signed(row.change),
    names(row.instead_of),
    names(row.instead),
    useButton(row, at, adopt),
  ]);
  /** @type {[string, boolean?][]} */
  const columns = [
    [translate("siting_number")],
    [`${translate("siting_result")}${bracket(localised(proposal.choice, "unit"))}`, true],
    [translate("siting_change"), true],
    [translate("siting_instead_of")],
    [translate("siting_instead")],
    [translate("siting_edit")],
  ];
  const title = translate("siting_alternatives");
  return make(
    "div.card.wide",
    make("h2", title),
    rows.length ? table(title, columns, rows) : make("p", translate("siting_alternatives_none")),
    rows.length > 0 && make("p.note", translate("siting_alternatives_note")),
  );
};

/** @type {Extra} */
const frontier = (proposal, address, adopt) => {
  const rows = proposal.frontier.map((row, at) => [
    String(at + 1),
    whole(row.newly_covered),
    percent(row.covered_share),
    percent(row.lowest_share),
    figure(row.gini, 3),
    useButton(row, at, adopt),
  ]);
  /** @type {[string, boolean?][]} */
  const columns = [
    [translate("siting_number")],
    [translate("siting_newly"), true],
    [translate("siting_covered_share"), true],
    [translate("siting_lowest_share"), true],
    ["Gini", true],
    [translate("siting_edit")],
  ];
  const isOpen = proposal.frontier.some((row) => row.may_go_on);
  const title = translate("siting_frontier");
  const note = make(
    "p.note",
    translate("siting_frontier_note"),
    isOpen && ` ${translate("siting_frontier_open")}`,
  );
  return make(
    "div.card.wide.siting-frontier",
    make("h2", title),
    make(
      "div.pictured",
      picture(address, translate("siting_frontier_alt")),
      make("div", table(title, columns, rows), note),
    ),
  );
};

/** @type {Extra} */
const robustness = ({ robustness: result, sites }) => {
  const byNumber = new Map(sites.map((row) => [row.site, row]));
  const rows = result.sites.map((row) => {
    const own = /** @type {ProposedSite} */ (byNumber.get(row.site));
    const shares = [percent(row.chosen_share), percent(row.near_share)];
    return [String(row.site), own.name, localised(own, "programme"), ...shares];
  });
  /** @type {[string, boolean?][]} */
  const columns = [
    [translate("siting_number")],
    [translate("siting_place")],
    [translate("siting_programme")],
    [translate("siting_again"), true],
    [translate("siting_near", { metres: whole(result.near_m) }), true],
  ];
  const values = {
    draws: whole(result.draws),
    mean: percent(result.mean_kept_share),
    least: percent(result.least_kept_share),
  };
  const title = translate("siting_robustness");
  return make(
    "div.card.wide.siting-robustness",
    make("h2", title),
    make("p", translate("siting_robustness_note", values)),
    table(title, columns, rows),
  );
};

/** The cards by the name under which the service computes them. @type {Record<string, Extra>} */
export const extras = { alternatives, frontier, robustness };
