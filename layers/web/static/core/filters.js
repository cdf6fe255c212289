// @ts-check
// Which of a study's rows a view shows, and in which order.

/**
 * Return what coverage is computed for within a group: groups first, then their kinds.
 *
 * @param {CoverageRow[]} coverage
 * @param {string} group "" is all
 */
export const targetsOf = (coverage, group) =>
  coverage
    .filter((row) => !group || row.group === group)
    .sort((a, b) => Number(Boolean(a.kind)) - Number(Boolean(b.kind)));

/**
 * Return the facilities that have a sign: placed, of the group, and of a layer that is shown.
 *
 * @param {FacilityFeature[]} features
 * @param {string} group "" is all
 * @param {(group: string) => boolean} isShown whether the layer of a group is
 */
export const shownFacilities = (features, group, isShown) =>
  features
    .filter((feature) => feature.geometry && isShown(feature.properties.group))
    .filter((feature) => !group || feature.properties.group === group);

/**
 * Return the gaps that the map shows. Where none of an audience is left out there is no gap of
 * theirs; an unknown count is not none.
 *
 * @param {Gap[]} gaps
 * @param {Pick<View, "gap" | "audience">} view
 */
export const shownGaps = (gaps, { gap, audience }) =>
  gaps.filter((row) => row.target_id === gap && !(audience && row.audiences[audience] === 0));

/**
 * Return how many people of a view's audience live in a gap.
 *
 * @param {Gap} row
 * @param {string} audience "" is everybody
 */
export const peopleIn = (row, audience) => (audience ? row.audiences[audience] : row.population);

/**
 * Return the gaps in which most people of a view's audience live, the largest first.
 *
 * @param {Gap[]} gaps
 * @param {Pick<View, "gap" | "audience">} view
 * @param {number} most how many
 */
export const largestGaps = (gaps, { gap, audience }, most) =>
  gaps
    .filter((row) => row.target_id === gap && Number(peopleIn(row, audience)) > 0)
    .sort((a, b) => Number(peopleIn(b, audience)) - Number(peopleIn(a, audience)))
    .slice(0, most);

/**
 * Return a township's first gaps of a single kind in which somebody lives, in the study's order.
 *
 * @param {Gap[]} gaps
 * @param {string} township its code
 * @param {number} most how many
 */
export const gapsOfTownship = (gaps, township, most) =>
  gaps.filter((row) => row.township_code === township && row.kind && row.population > 0).slice(0, most);
