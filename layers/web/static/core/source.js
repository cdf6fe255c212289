// @ts-check
// Where the data come from: this server, or the block within this file.

import { block } from "./settings.js";

/** @type {Bundle | null} */
const bundle = block("bundle");

/** Whether the page is one file without a server. */
export const isFile = bundle !== null;
/** A plan that was computed for the file, which has no server to compute another. */
export const proposal = (bundle && bundle.proposal) || null;
export const generatedOn = bundle ? bundle.generated_on : null;

const ITEM_LIMIT = 10_000;

/** What the service answers in the place of what it was requested. */
class ServiceError extends Error {}

/**
 * @param {string} address
 * @param {string} [method]
 * @param {unknown} [sent]
 * @returns {Promise<any>}
 */
const request = async (address, method = "GET", sent = null) => {
  const headers = { accept: "application/json", ...(sent ? { "content-type": "application/json" } : {}) };
  const answer = await fetch(address, { method, headers, body: sent ? JSON.stringify(sent) : null });
  const body = await answer.json();
  if (!answer.ok) throw new ServiceError(body.detail || body.title || String(answer.status));
  return body;
};

/**
 * @param {string} name of the collection
 * @param {URLSearchParams} parameters
 */
const allItems = async (name, parameters) => {
  const features = [];
  let address = `collections/${name}/items?${parameters}&limit=${ITEM_LIMIT}`;
  while (address) {
    const body = await request(address);
    features.push(...body.features);
    const next = body.links.find((/** @type {{ rel: string }} */ link) => link.rel === "next");
    address = next ? next.href : null;
  }
  return features;
};

/**
 * @param {View} view
 * @param {Lang} lang
 * @returns {Promise<PageData>}
 */
const loadFromServer = async (view, lang) => {
  const parameters = new URLSearchParams();
  for (const name of /** @type {const} */ (["on", "caliber", "scope", "denominator"])) {
    if (view[name]) parameters.set(name, view[name]);
  }
  parameters.set("lang", lang);
  const study = await request(`study?${parameters}`);
  parameters.set("on", study.on);
  const [facilities, townships, gaps, districts] = await Promise.all(
    ["facilities", "townships", "gaps", "districts"].map((name) => allItems(name, parameters)),
  );
  return { study, facilities, townships, gaps, districts };
};

/**
 * @param {Bundle} content
 * @param {Partial<View>} view
 * @returns {PageData}
 */
const loadFromFile = (content, view) => {
  const first = content.views[content.first];
  const caliber = view.caliber || first.caliber;
  const scope = view.scope || first.scope;
  const denominator = view.denominator || first.denominator.id;
  const study = content.views[`${caliber}|${scope}|${denominator}`];
  if (!study) throw new ServiceError(`${caliber} ${scope} ${denominator}`);
  const counted = content.counted[`${caliber}|${scope}`];
  const facilities = content.facilities.features.map((feature) => {
    const [area, reason] = counted[feature.id];
    return { ...feature, properties: { ...feature.properties, counted_area_m2: area, count_reason: reason } };
  });
  return {
    study,
    facilities,
    townships: content.townships.features,
    gaps: content.gaps.features,
    districts: content.districts.features,
  };
};

/**
 * Return a study and the features of its map.
 *
 * @param {View} view
 * @param {Lang} lang
 */
export const load = async (view, lang) => (bundle ? loadFromFile(bundle, view) : loadFromServer(view, lang));

/**
 * @param {Study} study
 * @param {Lang} lang
 */
const basisParameters = (study, lang) => {
  const parameters = new URLSearchParams({ on: study.on, caliber: study.caliber, scope: study.scope });
  parameters.set("denominator", study.denominator.id);
  parameters.set("lang", lang);
  return parameters;
};

/** @param {Study} study */
const viewKey = (study) => `${study.caliber}|${study.scope}|${study.denominator.id}`;

/**
 * Return the figures of the ends of the plan's years. The file has these alone; the server any
 * date beside them.
 *
 * @param {Study} study
 * @param {Lang} lang
 * @param {string} [since] a date besides
 * @returns {Promise<Trend>}
 */
export const trend = async (study, lang, since = "") => {
  if (bundle) return bundle.trends[viewKey(study)];
  const parameters = basisParameters(study, lang);
  if (since) parameters.set("since", since);
  return request(`trend?${parameters}`);
};

/**
 * Return the addresses of the charts: on this server, or the pictures themselves.
 *
 * @param {Study} study
 * @param {Lang} lang
 * @returns {Promise<Record<string, string>>}
 */
export const charts = async (study, lang) => {
  const names = ["lorenz", "area_trend", "coverage_trend"];
  const address = (/** @type {string} */ name) =>
    bundle
      ? `data:image/svg+xml;charset=utf-8,${encodeURIComponent(bundle.charts[viewKey(study)][lang][name])}`
      : `charts/${name}.svg?${basisParameters(study, lang)}`;
  return Object.fromEntries(names.map((name) => [name, address(name)]));
};

/**
 * Return the demand points with their accessible area.
 *
 * @param {Study} study
 * @param {Lang} lang
 * @returns {Promise<DemandPoints>}
 */
export const surface = (study, lang) => request(`surface?${basisParameters(study, lang)}`);

/**
 * Return the rows that were held back and those to look at.
 *
 * @param {Study} study
 * @param {Lang} lang
 * @returns {Promise<Quality>}
 */
export const quality = (study, lang) => request(`quality?${basisParameters(study, lang)}`);

/**
 * Return the townships' polygons.
 *
 * @param {Study} study
 * @param {Lang} lang
 */
export const townships = (study, lang) => allItems("townships", basisParameters(study, lang));

/**
 * Return the area that is within some minutes of a facility.
 *
 * @param {Study} study
 * @param {string} facility
 * @param {string} mode
 * @param {string} minutes
 * @param {Lang} lang
 */
export const serviceArea = (study, facility, mode, minutes, lang) => {
  const parameters = basisParameters(study, lang);
  for (const [name, value] of Object.entries({ facility, mode, minutes })) parameters.set(name, value);
  return request(`service-area?${parameters}`);
};

/** The service's siting: its defaults, its jobs, and plans that are changed by hand. */
export const siting = {
  /** @type {(study: Study, lang: Lang) => Promise<SitingDefaults>} */
  defaults: (study, lang) => request(`siting?${basisParameters(study, lang)}`),
  /** @type {(study: Study, lang: Lang, body: unknown) => Promise<Job>} */
  start: (study, lang, body) => request(`siting?${basisParameters(study, lang)}`, "POST", body),
  /** @type {(job: string) => Promise<Job>} */
  state: (job) => request(`siting/${job}`),
  /** @type {(job: string) => Promise<Job>} */
  cancel: (job) => request(`siting/${job}`, "DELETE"),
  /** @type {(study: Study, lang: Lang, body: unknown) => Promise<PlanResult>} */
  whatIf: (study, lang, body) => request(`siting/what-if?${basisParameters(study, lang)}`, "POST", body),
  /** @type {(job: string, lang: Lang) => string} */
  frontierAddress: (job, lang) => `siting/${job}/frontier.svg?lang=${lang}`,
};
