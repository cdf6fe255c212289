// @ts-check
// The area within some minutes of a facility. The server computes it, since it follows the roads;
// a file has no server.

import { make, option } from "../core/elements.js";
import { lang } from "../core/settings.js";
import { shell } from "../core/shell.js";
import * as source from "../core/source.js";
import { figure, label, translate, whole } from "../core/words.js";

const MODES = ["foot", "e_bicycle", "car"];
const STYLE = { color: "#005a9c", weight: 2.5, fillColor: "#2a7ab9", fillOpacity: 0.22 };
const layer = L.layerGroup();

export const setUp = () => layer.addTo(shell.map);
export const clear = () => layer.clearLayers();

/**
 * @param {Study} study
 * @param {string} facility
 * @param {HTMLSelectElement} mode
 * @param {HTMLInputElement} minutes
 * @param {HTMLElement} status
 */
const draw = async (study, facility, mode, minutes, status) => {
  if (!minutes.validity.valid) return;
  status.textContent = translate("loading");
  try {
    const answer = await source.serviceArea(study, facility, mode.value, minutes.value, lang);
    const [feature] = answer.features;
    const p = feature.properties;
    clear();
    L.geoJSON(feature, { pane: "reach", interactive: false, style: STYLE }).addTo(layer);
    status.textContent = translate("reach_told", {
      name: p.name,
      mode: label("mode", p.mode),
      minutes: figure(p.minutes, 0),
      count: whole(p.population),
      travel: study.travel[lang],
    });
    status.scrollIntoView({ block: "nearest" });
  } catch (error) {
    status.textContent = `${translate("failed")}: ${/** @type {Error} */ (error).message}`;
  }
};

/**
 * Return the form that draws a facility's service area, or null where none can be computed.
 *
 * @param {FacilityFeature} feature
 * @param {Study} study
 */
export const serviceAreaForm = (feature, study) => {
  if (source.isFile || !feature.geometry) return null;
  const mode = make("select", ...MODES.map((name) => option(name, label("mode", name))));
  mode.name = "mode";
  mode.setAttribute("aria-label", translate("mode"));
  const minutes = make("input");
  const limits = { min: 1, max: 120, step: 0.5, value: 15, required: true };
  Object.assign(minutes, { type: "number", name: "minutes", ...limits });
  minutes.setAttribute("aria-label", translate("minutes_short"));
  const status = make("p");
  status.setAttribute("role", "status");
  const show = make("button", translate("reach_show"));
  const remove = make("button", translate("reach_clear"));
  remove.type = "button";
  const unit = make("span", translate("minutes_word"));
  const form = make("form.reach", mode, minutes, unit, show, remove, status);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    draw(study, feature.id, mode, minutes, status);
  });
  remove.addEventListener("click", () => {
    clear();
    status.textContent = "";
  });
  return form;
};
