// @ts-check
// The sites of a plan on the map: numbers, search areas as squares, a bar with the figures.

import { byId, drawing, factTable, make } from "../core/elements.js";
import { lang, vocabulary } from "../core/settings.js";
import { shell } from "../core/shell.js";
import { CLAUSE_MARK, bracket, localised, translate, whole } from "../core/words.js";
import * as insets from "../map/insets.js";
import { drawLabels, setSiteMarks } from "../map/map.js";
import { isSearchArea } from "./items.js";
import { audienceText } from "./plan_values.js";

const METRES_PER_DEGREE = 111_320;
const BOX = 28;
// A square that is at least so wide on the screen, in pixels, has room for its words.
const NEAR_PX = 110;
const INK = "#1c2733";
const PANE_Z = 430;
const LOCATED_ZOOM = 13;
// Fewer people than this are shown as nobody.
const HALF = 0.5;
/** @type {L.PathOptions} */
const SQUARE_STYLE = { color: INK, weight: 2, dashArray: "6 5", fillColor: "#ffffff", fillOpacity: 0.3 };

/** The part of the map's legend that explains the sites. */
export const legend = make("div.siting-legend");
const bar = make("div.siting-bar");
const layer = L.layerGroup();
const { map } = shell;

let isSetUp = false;
/** @type {{ onPosition: L.LeafletMouseEventHandlerFn, onKey: (event: KeyboardEvent) => void } | null} */
let placing = null;
/** @type {((number: number, position: L.LatLng) => void) | null} */
let onMove = null;
/** @type {{ number: number, mark: L.Marker }[]} */
let shown = [];
/** The side of a search area in metres. @type {number | null} */
let side = null;

legend.hidden = true;
bar.hidden = true;

const isLayerShown = () => isSetUp && map.hasLayer(layer);

// A shape and a fill for each programme, with the site's number inside.
/**
 * Return the sign of a site.
 *
 * @param {number} programme its place among the programmes
 * @param {number | string} number of the site
 * @param {number} [size] in pixels
 * @returns {HTMLElement}
 */
export const sign = (programme, number, size = BOX) => {
  const { colour, path } = vocabulary.site_symbols[programme];
  const isDark = colour === INK;
  const box = drawing("svg", {
    viewBox: `0 0 ${BOX} ${BOX}`,
    width: size,
    height: size,
    "aria-hidden": "true",
  });
  box.append(drawing("path", { d: path, fill: colour, stroke: isDark ? "#ffffff" : INK, "stroke-width": 2 }));
  const text = drawing("text", {
    x: 14,
    y: 18.6,
    "text-anchor": "middle",
    "font-size": 13,
    "font-weight": 700,
    fill: isDark ? "#ffffff" : INK,
  });
  text.textContent = String(number);
  box.append(text);
  // Leaflet's types know elements of HTML alone, though it appends any node.
  return /** @type {HTMLElement} */ (/** @type {unknown} */ (box));
};

/**
 * Return what a site is: a host, a village, a parcel, a search area, or a person's own point.
 *
 * @param {SiteItem} item
 */
export const kindText = (item) => {
  if (item.row.source !== "search_area") return localised(item.row, "source");
  return translate(item.placed.candidate_id ? "search_area" : "own_point");
};

/** @param {SiteItem} item */
const placeName = (item) => translate("siting_marker", { number: item.number, place: item.row.name });

/** @param {Record<string, number>} people */
const byAudience = (people) => {
  const counts = Object.entries(people).filter(([, count]) => count >= HALF);
  if (!counts.length) return translate("siting_nobody");
  return counts.map(([name, count]) => `${audienceText(name)} ${whole(count)}`).join(CLAUSE_MARK);
};

/** @param {SiteItem} item */
const byTownship = (item) => {
  const own = item.programme.audience;
  const rows = item.row.newly_by_township.filter((row) => Number(row[own]) >= HALF);
  if (!rows.length) return null;
  return rows.map((row) => `${row.township_name} ${whole(Number(row[own]))}`).join(CLAUSE_MARK);
};

/** @param {SiteItem} item */
const facts = (item) => {
  const { row, programme } = item;
  const newly = `${whole(row.newly_covered)}${bracket(localised(programme, "audience"))}`;
  return make(
    "div.tip",
    make("strong", placeName(item)),
    factTable([
      [translate("siting_programme"), localised(row, "programme")],
      [translate("siting_phase"), item.phase ? translate(`siting_phase_${item.phase}`) : null],
      [translate("siting_source"), kindText(item)],
      [translate("township"), row.township_name],
      [translate("siting_newly"), newly],
      [translate("siting_alone"), whole(row.covered_alone)],
      [translate("siting_by_audience"), byAudience(row.newly_by_audience)],
      [translate("siting_by_township"), byTownship(item)],
      [translate("siting_next"), item.next && item.next.text],
    ]),
  );
};

/**
 * @param {SiteItem} item
 * @param {number} metres
 */
const square = (item, metres) => {
  const half = metres / 2 / METRES_PER_DEGREE;
  const { latitude: y, longitude: x } = item.row;
  // A degree of longitude is shorter the further it is from the equator.
  const wide = half / Math.cos((y * Math.PI) / 180);
  /** @type {L.LatLngTuple[]} */
  const corners = [
    [y - half, x - wide],
    [y + half, x + wide],
  ];
  const shape = L.rectangle(L.latLngBounds(corners), { pane: "sites", interactive: false, ...SQUARE_STYLE });
  return shape.bindTooltip(make("span", translate("search_area")), {
    permanent: true,
    direction: "bottom",
    offset: [0, 14],
    className: "area-word",
  });
};

/** @param {SiteItem} item */
const marker = (item) => {
  const icon = L.divIcon({
    className: onMove ? "site-sign" : "site-sign still",
    html: sign(item.at, item.number),
    iconSize: [BOX, BOX],
  });
  const mark = L.marker([item.row.latitude, item.row.longitude], {
    icon,
    draggable: Boolean(onMove),
    keyboard: true,
    riseOnHover: true,
    zIndexOffset: 8000,
  });
  mark.on("add", () => {
    const element = mark.getElement();
    if (element) element.setAttribute("aria-label", placeName(item));
  });
  mark.bindPopup(insets.popup(() => facts(item), { maxWidth: 340 }));
  mark.bindTooltip(make("span", item.row.name), { direction: "top", offset: [0, -12] });
  const move = onMove;
  if (move) mark.on("dragend", () => move(item.number, mark.getLatLng()));
  return mark;
};

/**
 * @param {SiteItem[]} items
 * @param {Programme[]} programmes
 * @param {boolean} hasSquares
 * @param {string} title
 */
const drawLegend = (items, programmes, hasSquares, title) => {
  const rows = programmes.map((row, at) => {
    const count = items.filter((item) => item.at === at).length;
    return make("li", sign(at, "1", 18), make("span", row[lang]), make("small", count));
  });
  const list = make("ul", ...rows);
  if (hasSquares) {
    list.append(make("li", make("span.swatch.area"), make("span", translate("siting_legend_area"))));
  }
  legend.replaceChildren(make("h2", title), list);
};

const markNear = () => {
  if (!side) return;
  const middle = map.getSize().y / 2;
  const from = map.containerPointToLatLng([0, middle]);
  const metresPerPixel = map.distance(from, map.containerPointToLatLng([100, middle])) / 100;
  map.getContainer().classList.toggle("sites-near", side > metresPerPixel * NEAR_PX);
};

const setUp = () => {
  isSetUp = true;
  layer.addTo(map);
  map.createPane("sites").style.zIndex = String(PANE_Z);
  shell.control.addOverlay(layer, translate("siting_layer"));
  const Bar = L.Control.extend({
    options: { position: "bottomleft" },
    onAdd: () => {
      L.DomEvent.disableClickPropagation(bar);
      return bar;
    },
  });
  new Bar().addTo(map);
  map.on("zoomend", markNear);
  map.on("layeradd layerremove", ({ layer: changed }) => {
    if (changed === layer) legend.hidden = !shown.length || !map.hasLayer(layer);
  });
};

/**
 * Show the sites of a plan.
 *
 * @param {SiteItem[]} items
 * @param {Programme[]} programmes
 * @param {object} choices
 * @param {number | null} choices.grid the side of a search area in metres
 * @param {((number: number, position: L.LatLng) => void) | null} choices.onMove null where the plan
 *   cannot be changed
 * @param {string} [choices.title] of the legend
 */
export const show = (items, programmes, choices) => {
  if (!isSetUp) setUp();
  ({ onMove, grid: side } = choices);
  layer.clearLayers();
  shown = items.map((item) => ({ number: item.number, mark: marker(item) }));
  const metres = side;
  const squares = metres ? items.filter(isSearchArea).map((item) => square(item, metres)) : [];
  for (const shape of squares) layer.addLayer(shape);
  for (const { mark } of shown) layer.addLayer(mark);
  drawLegend(items, programmes, squares.length > 0, choices.title || translate("siting_legend"));
  legend.hidden = !map.hasLayer(layer);
  markNear();
  drawLabels();
};

/** Bring all sites into view. */
export const showAll = () => {
  if (!isLayerShown()) return;
  insets.showAll(
    map,
    shown.map((item) => item.mark.getLatLng()),
  );
};

const stopPlacing = () => {
  if (!placing) return;
  map.off("click", placing.onPosition);
  document.removeEventListener("keydown", placing.onKey);
  map.getContainer().classList.remove("placing");
  placing = null;
};

/** Take the plan off the map. */
export const clear = () => {
  stopPlacing();
  layer.clearLayers();
  shown = [];
  legend.hidden = true;
  bar.hidden = true;
};

/**
 * Show a site and what is known of it.
 *
 * @param {number} number
 */
export const locate = (number) => {
  const site = shown.find((item) => item.number === number);
  if (!site) return;
  if (!map.hasLayer(layer)) map.addLayer(layer);
  byId("map-region").scrollIntoView({ block: "nearest" });
  map.setView(site.mark.getLatLng(), Math.max(map.getZoom(), LOCATED_ZOOM), { animate: false });
  site.mark.openPopup();
};

/**
 * Wait for the next click on the map; Escape leaves.
 *
 * @param {(position: L.LatLng) => void} onPlace
 * @param {() => void} onLeave
 */
export const place = (onPlace, onLeave) => {
  stopPlacing();
  const region = map.getContainer();
  placing = {
    onPosition: ({ latlng }) => {
      stopPlacing();
      onPlace(latlng);
    },
    onKey: (event) => {
      if (event.key !== "Escape") return;
      stopPlacing();
      onLeave();
    },
  };
  region.classList.add("placing");
  map.closePopup();
  map.on("click", placing.onPosition);
  document.addEventListener("keydown", placing.onKey);
  byId("map-region").scrollIntoView({ block: "nearest" });
};

/** Return the middle of the map in the place of a click. */
export const centre = () => {
  stopPlacing();
  return map.getCenter();
};

/**
 * Write into the bar at the bottom of the map.
 *
 * @param {...(Node | false)} children
 */
export const writeBar = (...children) => {
  bar.hidden = false;
  bar.replaceChildren(...children.filter((child) => child !== false));
};

setSiteMarks(() => (isLayerShown() ? shown.map((item) => item.mark) : []));
