// @ts-check
// Two kept plans on two maps that move together.

import { make, option } from "../core/elements.js";
import { lang } from "../core/settings.js";
import * as source from "../core/source.js";
import { translate } from "../core/words.js";
import { valueText } from "./plan_values.js";
import { sign } from "./sites.js";

const SIGN = 22;
const LAND = { color: "#4a4f55", weight: 1.2, fillColor: "#ece9e2", fillOpacity: 1, interactive: false };
const MAP_OPTIONS = { attributionControl: false, scrollWheelZoom: false, zoomSnap: 0.25, fadeAnimation: false };

let chosen = [0, 1];
/** @type {Promise<any[]> | null} */
let townships = null;
/** @type {L.Map[]} */
let maps = [];
let isSchematic = true;

const removeMaps = () => {
  for (const map of maps) map.remove();
  maps = [];
};

/** @param {Study} study */
export const setUp = (study) => {
  townships = source.townships(study, lang);
  isSchematic = study.map.schematic;
  removeMaps();
};

/**
 * @param {KeptPlan["places"][number]} place
 * @param {number} number
 */
const mark = (place, number) => {
  const icon = L.divIcon({
    className: "site-sign still",
    html: sign(place.at, number, SIGN),
    iconSize: [SIGN, SIGN],
  });
  const text = make("span", translate("siting_marker", { number, place: place.name }));
  return L.marker([place.latitude, place.longitude], { icon, keyboard: false, alt: "" }).bindTooltip(text, {
    direction: "top",
  });
};

/**
 * @param {HTMLElement} box
 * @param {KeptPlan} plan
 * @param {any} features
 */
const drawMap = (box, plan, features) => {
  const map = L.map(box, MAP_OPTIONS);
  const land = L.geoJSON(features, { style: LAND }).addTo(map);
  plan.places.forEach((place, at) => mark(place, at + 1).addTo(map));
  map.fitBounds(land.getBounds(), { padding: [8, 8], animate: false });
  return map;
};

/**
 * What one shows, the other shows.
 *
 * @param {L.Map} one
 * @param {L.Map} other
 */
const link = (one, other) => {
  let isFollowing = false;
  const follow = (/** @type {L.Map} */ from, /** @type {L.Map} */ to) => () => {
    if (isFollowing) return;
    isFollowing = true;
    to.setView(from.getCenter(), from.getZoom(), { animate: false });
    isFollowing = false;
  };
  one.on("move", follow(one, other));
  other.on("move", follow(other, one));
};

/**
 * @param {KeptPlan[]} plans
 * @param {number} at
 * @param {() => void} redraw
 */
const planChooser = (plans, at, redraw) => {
  const list = make("select", ...plans.map((plan, number) => option(String(number), plan.name)));
  list.value = String(chosen[at]);
  list.name = `pair_${at}`;
  list.setAttribute("aria-label", translate(at ? "siting_pair_right" : "siting_pair_left"));
  list.addEventListener("change", () => {
    chosen[at] = Number(list.value);
    redraw();
  });
  return list;
};

/**
 * @param {KeptPlan} plan
 * @param {HTMLElement} head
 */
const side = (plan, head) => {
  const box = make("div.pair-map");
  box.setAttribute("role", "region");
  const label = translate("siting_pair_map", { name: plan.name, count: plan.places.length });
  box.setAttribute("aria-label", label);
  const text = make("p", head, " ", make("b", valueText(plan.result)));
  return { box, element: make("div.pair-side", text, box) };
};

/**
 * Draw two of the plans into a place of the page; maps need their size, so that they are drawn
 * once the place stands there.
 *
 * @param {HTMLElement} place
 * @param {KeptPlan[]} plans
 */
export const draw = async (place, plans) => {
  removeMaps();
  place.replaceChildren();
  if (plans.length < 2) return;
  chosen = chosen.map((number, at) => (number < plans.length ? number : at));
  const shown = chosen.map((number) => plans[number]);
  const redraw = () => {
    draw(place, plans);
  };
  const sides = shown.map((plan, at) => side(plan, planChooser(plans, at, redraw)));
  const note = translate(isSchematic ? "siting_pair_note_schematic" : "siting_pair_note");
  place.append(make("div.pair", ...sides.map(({ element }) => element)), make("p.note", note));
  const features = await townships;
  if (!place.contains(sides[0].box)) return;
  maps = sides.map(({ box }, at) => drawMap(box, shown[at], features));
  link(maps[0], maps[1]);
};
