// @ts-check
// Fills the empty layers of the map; every text goes in as text.

import { byId, make } from "../core/elements.js";
import { shownGaps } from "../core/filters.js";
import { lang } from "../core/settings.js";
import { shell } from "../core/shell.js";
import * as source from "../core/source.js";
import { translate } from "../core/words.js";
import * as controls from "./controls.js";
import * as facilities from "./facilities.js";
import { gapFacts, townshipFacts } from "./facts.js";
import * as insets from "./insets.js";
import * as labels from "./labels.js";
import { classOf, measureOf } from "./measures.js";
import * as serviceArea from "./service_area.js";

const OUTLINE = "#4a4a4a";
const DISTRICT_STYLE = { color: "#1f2d3a", weight: 3, fillColor: "#ffffff", fillOpacity: 0 };
const NEIGHBOUR_STYLE = { color: "#8d969e", weight: 1, fillColor: "#eceff1", fillOpacity: 1, dashArray: "4 3" };
const GAP_STYLE = {
  color: "#000000",
  weight: 1.2,
  dashArray: "3 3",
  fillColor: "url(#gap-hatch)",
  fillOpacity: 1,
};
// Gaps lie over townships and these over neighbours, whichever was shown last.
/** @type {[string, number][]} */
const PANES = [
  ["neighbours", 390],
  ["cells", 395],
  ["townships", 400],
  ["gaps", 410],
  ["reach", 420],
  ["leaders", 440],
];
const METRES_PER_DEGREE = 111_320;
// A little more than half a cell, so that no seam shows between neighbours.
const HALF_CELL = 0.52;
const MARK_MS = 2_500;

/** @type {Map<string, { shape: L.GeoJSON, row: TownshipFigures }>} */
const byCode = new Map();
/** @type {NamedShape[]} */
const neighbours = [];
const cells = L.layerGroup();
/** @type {(PageData & { view: View, measure: Measure }) | null} */
let current = null;
/** @type {(code: string) => void} */
let onTownship = () => {};
/** @type {() => L.Marker[]} */
let siteMarks = () => [];

/**
 * Set what returns the signs of proposed sites: the names on the map give way to them.
 *
 * @param {() => L.Marker[]} marks
 */
export const setSiteMarks = (marks) => {
  siteMarks = marks;
};

/**
 * @param {TownshipFigures} row
 * @param {{ measure: Measure, view: View }} drawn
 */
const townshipStyle = (row, { measure, view }) => {
  const item = classOf(measure, row);
  return {
    color: OUTLINE,
    weight: item && item.isMet ? 2.4 : 1,
    fillColor: item ? item.colour : "url(#no-data-hatch)",
    fillOpacity: view.measure === "surface" ? 0 : 0.9,
  };
};

/** @param {DistrictFeature[]} districts */
const drawNeighbours = (districts) => {
  const layer = shell.layers.neighbours.clearLayers();
  neighbours.length = 0;
  for (const feature of districts) {
    const { role, name_zh: name } = feature.properties;
    const isOwn = role === "district";
    const shape = L.geoJSON(feature, {
      pane: isOwn ? "townships" : "neighbours",
      interactive: !isOwn,
      style: isOwn ? DISTRICT_STYLE : NEIGHBOUR_STYLE,
    })
      .bindTooltip(insets.tip(make("span", name)))
      .addTo(layer);
    if (!isOwn) neighbours.push({ shape, name, isNeighbour: true });
  }
};

/** @param {PageData & { view: View, measure: Measure }} drawn */
const drawTownships = (drawn) => {
  const layer = shell.layers.townships.clearLayers();
  byCode.clear();
  const figures = new Map(drawn.study.townships.map((row) => [row.township_code, row]));
  for (const feature of drawn.townships) {
    const row = figures.get(feature.id);
    if (!row) continue;
    const shape = L.geoJSON(feature, { pane: "townships", style: townshipStyle(row, drawn) });
    shape.bindTooltip(insets.tip(() => townshipFacts(row, drawn.study)));
    shape.on("click", () => onTownship(feature.id));
    shape.on("mouseover", () => shape.setStyle({ weight: 3.5 }));
    shape.on("mouseout", () => shape.setStyle({ weight: townshipStyle(row, drawn).weight }));
    shape.addTo(layer);
    byCode.set(feature.id, { shape, row });
  }
};

/**
 * The land of each demand point, on one canvas, below the townships' outlines.
 *
 * @param {PageData & { view: View, measure: Measure }} drawn
 */
const drawCells = async (drawn) => {
  cells.clearLayers();
  if (drawn.view.measure !== "surface" || source.isFile) return;
  const points = await source.surface(drawn.study, lang);
  if (drawn !== current) return;
  const renderer = L.canvas({ pane: "cells" });
  const half = (points.cell_m * HALF_CELL) / METRES_PER_DEGREE;
  points.longitude.forEach((x, index) => {
    const row = { accessible_area_per_10k_m2: points.accessible_area_per_10k_m2[index] };
    const item = classOf(drawn.measure, /** @type {TownshipFigures} */ (row));
    if (!item) return;
    const style = { renderer, interactive: false, stroke: false, fillColor: item.colour, fillOpacity: 0.95 };
    const land = points.land[index];
    if (land) {
      // A village's land; an outline of its colour leaves no seam between neighbours.
      const rings = /** @type {L.LatLngTuple[][][]} */ (
        land.map((part) => part.map((ring) => ring.map(([east, north]) => [north, east])))
      );
      L.polygon(rings, { ...style, stroke: true, weight: 1, color: item.colour }).addTo(cells);
      return;
    }
    const y = points.latitude[index];
    // A degree of longitude is shorter the further it is from the equator.
    const wide = half / Math.cos((y * Math.PI) / 180);
    /** @type {L.LatLngTuple[]} */
    const corners = [
      [y - half, x - wide],
      [y + half, x + wide],
    ];
    L.rectangle(L.latLngBounds(corners), style).addTo(cells);
  });
};

/** Write the names anew, since what they must keep clear of has moved. */
export const drawLabels = () => {
  if (!current) return;
  const { measure } = current;
  const townships = [...byCode.values()].map(({ shape, row }) => ({
    shape,
    name: row.name_zh,
    value: measure.text(row),
    isNeighbour: false,
  }));
  const marks = [...facilities.visibleMarks(), ...siteMarks()];
  labels.drawLabels(shell.map, shell.layers.labels, [...townships, ...neighbours], marks);
};

/**
 * Draw the gaps of what the view names.
 *
 * @param {View} view
 */
export const drawGaps = (view) => {
  const layer = shell.layers.gaps.clearLayers();
  if (!current) return;
  const { study, gaps } = current;
  const shown = new Map(shownGaps(study.gaps, view).map((row) => [row.gap_id, row]));
  for (const feature of gaps) {
    const row = shown.get(feature.id);
    if (!row) continue;
    // A gap lies over its township, so that its tip states what it hides as well.
    const tip = () => {
      const below = byCode.get(row.township_code);
      return make("div", below && townshipFacts(below.row, study), gapFacts(row, study));
    };
    L.geoJSON(feature, { pane: "gaps", style: GAP_STYLE })
      .bindTooltip(insets.tip(tip))
      .on("click", () => onTownship(row.township_code))
      .addTo(layer);
  }
};

const districtBounds = () => L.featureGroup([...byCode.values()].map((item) => item.shape)).getBounds();

const fit = () => {
  const bounds = districtBounds();
  if (bounds.isValid()) insets.fit(shell.map, bounds);
};

/**
 * Draw a view.
 *
 * @param {PageData} data
 * @param {View} view
 * @param {boolean} isFirst whether the map is still to be fitted to the district
 */
export const draw = (data, view, isFirst) => {
  serviceArea.clear();
  const drawn = { ...data, view, measure: measureOf(data.study, view) };
  current = drawn;
  drawNeighbours(drawn.districts);
  drawTownships(drawn);
  drawCells(drawn);
  if (isFirst) fit();
  drawGaps(view);
  facilities.draw(drawn, view.group);
  drawLabels();
};

/**
 * Show a township and mark its outline for a moment.
 *
 * @param {string} code
 */
export const locate = (code) => {
  const township = byCode.get(code);
  if (!township || !current) return;
  const { shape, row } = township;
  const drawn = current;
  // Without animation: a choice made while one runs would be lost at its end.
  shell.map.fitBounds(shape.getBounds(), { padding: [40, 40], maxZoom: 15, animate: false });
  shape.setStyle({ weight: 5 });
  setTimeout(() => shape.setStyle({ weight: townshipStyle(row, drawn).weight }), MARK_MS);
};

// Paper is wider and lower than the window: the same map, fitted to it.
/** @type {{ centre: L.LatLng, zoom: number } | null} */
let onScreen = null;

const fitToPaper = () => {
  onScreen = { centre: shell.map.getCenter(), zoom: shell.map.getZoom() };
  const shown = shell.map.getBounds();
  document.documentElement.classList.add("printing");
  shell.map.invalidateSize({ animate: false });
  const district = districtBounds();
  if (district.isValid() && shown.contains(district)) fit();
  else shell.map.fitBounds(shown, { animate: false });
};

const fitToScreen = () => {
  document.documentElement.classList.remove("printing");
  shell.map.invalidateSize({ animate: false });
  if (onScreen) shell.map.setView(onScreen.centre, onScreen.zoom, { animate: false });
};

/**
 * Make the map ready to be drawn.
 *
 * @param {{ onTownship: (code: string) => void }} choices what follows when a township is chosen
 */
export const setUp = (choices) => {
  ({ onTownship } = choices);
  const { map } = shell;
  const region = byId("map-region");
  for (const [name, z] of PANES) map.createPane(name).style.zIndex = String(z);
  cells.addTo(map);
  serviceArea.setUp();
  L.control.scale({ imperial: false }).addTo(map);
  facilities.setUp({
    settle: drawLabels,
    toggle: () => {
      if (current) facilities.draw(current, current.view.group);
    },
  });
  controls.setUp(region, fit);
  map.on("moveend resize", drawLabels);
  map.on("popupopen", ({ popup }) => {
    const button = popup.getElement()?.querySelector(".leaflet-popup-close-button");
    button?.setAttribute("aria-label", translate("close"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") map.closePopup();
  });
  window.addEventListener("beforeprint", fitToPaper);
  window.addEventListener("afterprint", fitToScreen);
  new ResizeObserver(() => map.invalidateSize()).observe(region);
};
