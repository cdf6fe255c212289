// @ts-check
// What the reader has chosen, as the page's address keeps it.

/** @type {(keyof View)[]} */
const NAMES = ["on", "caliber", "scope", "denominator", "group", "gap", "sort", "measure", "audience"];

/**
 * Return the view that an address names.
 *
 * @param {string} search the address's query
 * @returns {View}
 */
export const parseView = (search) => {
  const parameters = new URLSearchParams(search);
  const view = /** @type {View} */ ({});
  for (const name of NAMES) view[name] = parameters.get(name) || "";
  if (!parameters.has("gap")) view.gap = view.group ? `any-${view.group}` : "any-service_centre";
  if (view.gap === "none") view.gap = "";
  return view;
};

/**
 * Return the query of an address that names a view; an empty gap is stated, since it is no default.
 *
 * @param {View} view
 * @param {Lang} lang
 */
export const viewQuery = (view, lang) => {
  const parameters = new URLSearchParams();
  for (const name of NAMES) if (view[name]) parameters.set(name, view[name]);
  if (!view.gap) parameters.set("gap", "none");
  if (lang !== "zh") parameters.set("lang", lang);
  return `?${parameters}`;
};
