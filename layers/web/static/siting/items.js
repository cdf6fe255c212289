// @ts-check
// The sites of a plan as map and table show them: numbered, with their figures and next best place.

import { NONE, bracket, translate, whole } from "../core/words.js";

/** @param {{ programme: string, candidate_id?: string | null }} row */
const siteId = (row) => `${row.programme}|${row.candidate_id}`;

/**
 * Return the next best place of a site and what it would cost, in words and without an id: who
 * reads of it here cannot take it.
 *
 * @param {ProposedSite} row
 * @returns {NextBest}
 */
export const nextBestOf = (row) => {
  if (!row.next_best_id) return { id: null, name: "", text: translate("siting_next_none") };
  const loss = Math.round(row.next_best_loss);
  const change = loss === 0 ? "±0" : `${loss > 0 ? "−" : "+"}${whole(Math.abs(loss))}`;
  return { id: null, name: row.next_best_name, text: `${row.next_best_name}${bracket(change)}` };
};

/**
 * The next best place with its id, by which it can be taken unless the plan has it already.
 *
 * @param {ProposedSite | undefined} row
 * @param {PlacedSite[]} sites
 */
const nextBestIn = (row, sites) => {
  if (!row) return null;
  const id = row.next_best_id;
  const isTaken = sites.some((site) => site.programme === row.programme && site.candidate_id === id);
  return { ...nextBestOf(row), id: isTaken ? null : id };
};

/**
 * Return whether a plan is still as it was proposed.
 *
 * @param {Pick<Plan, "sites" | "proposal" | "proposed">} plan
 */
export const isAsProposed = ({ sites, proposal, proposed }) =>
  Boolean(proposal) && JSON.stringify(sites) === JSON.stringify(proposed);

/**
 * Return the items of a plan. The answer has an order of its own; points without an id are
 * numbered in ours.
 *
 * @param {Plan} plan
 * @returns {SiteItem[]}
 */
export const itemsOf = (plan) => {
  const { result, sites, proposal } = plan;
  const rows = new Map(result.sites.map((row) => [siteId(row), row]));
  const proposed = new Map((proposal ? proposal.sites : []).map((row) => [siteId(row), row]));
  // Only a proposal as it stands has phases, and only where some were requested.
  const isPhased = isAsProposed(plan) && plan.siting.programmes.some((row) => row.first_phase);
  let points = 0;
  return sites.map((placed, index) => {
    const id = placed.candidate_id ? siteId(placed) : `${placed.programme}|point-${(points += 1)}`;
    const at = result.programmes.findIndex((row) => row.kind === placed.programme);
    const own = placed.candidate_id ? null : { name: translate("own_name", { number: points }) };
    const site = proposed.get(id);
    return {
      number: index + 1,
      at,
      programme: result.programmes[at],
      placed,
      row: /** @type {SiteRow} */ ({ ...rows.get(id), ...own }),
      next: nextBestIn(site, sites),
      phase: site && isPhased ? site.phase : null,
    };
  });
};

/**
 * Return the items of a plan that cannot be changed.
 *
 * @param {Proposal} proposal
 * @returns {SiteItem[]}
 */
export const fixedItemsOf = (proposal) =>
  proposal.sites.map((row, index) => {
    const at = proposal.programmes.findIndex((programme) => programme.kind === row.programme);
    const programme = proposal.programmes[at];
    return { number: index + 1, at, programme, placed: row, row, next: nextBestOf(row), phase: null };
  });

/** @param {SiteItem} item */
export const nextText = (item) => (item.next ? item.next.text : NONE);

/** @param {SiteItem} item */
export const isSearchArea = (item) => item.row.source === "search_area" && Boolean(item.placed.candidate_id);

/**
 * Return a plan's sites with that of a number replaced.
 *
 * @param {PlacedSite[]} sites
 * @param {number} number from 1
 * @param {(site: PlacedSite) => PlacedSite} edit
 */
export const withSite = (sites, number, edit) =>
  sites.map((site, index) => (index + 1 === number ? edit(site) : site));

/**
 * Return a plan's sites without that of a number.
 *
 * @param {PlacedSite[]} sites
 * @param {number} number from 1
 */
export const withoutSite = (sites, number) => sites.filter((_, index) => index + 1 !== number);

/**
 * Return a site at a point that a person has chosen; seven decimals are about a centimetre.
 *
 * @param {string} programme
 * @param {{ lat: number, lng: number }} position
 * @returns {PlacedSite}
 */
export const pointSite = (programme, { lat, lng }) => ({
  programme,
  longitude: Number(lng.toFixed(7)),
  latitude: Number(lat.toFixed(7)),
});
