// @ts-check
// The facilities' signs, in clusters where they stand close together.

import { make, symbol } from "../core/elements.js";
import { shownFacilities } from "../core/filters.js";
import { shell } from "../core/shell.js";
import { label, translate } from "../core/words.js";
import { facilityFacts } from "./facts.js";
import * as insets from "./insets.js";
import { serviceAreaForm } from "./service_area.js";

const CLUSTER_PX = 42;
// From this zoom on every facility has a sign of its own.
const SINGLE_ZOOM = 15;

/** @param {import("leaflet").MarkerCluster} cluster */
const clusterIcon = (cluster) => {
  const count = cluster.getChildCount();
  const circle = make("span", count);
  circle.setAttribute("aria-label", translate("cluster", { count }));
  return L.divIcon({ className: "cluster", html: circle, iconSize: [24, 24] });
};

const clusters = L.markerClusterGroup({
  maxClusterRadius: CLUSTER_PX,
  disableClusteringAtZoom: SINGLE_ZOOM,
  showCoverageOnHover: false,
  iconCreateFunction: clusterIcon,
});

/**
 * @param {FacilityFeature} feature
 * @param {Study} study
 */
const marker = (feature, study) => {
  const [x, y] = feature.geometry.coordinates;
  const p = feature.properties;
  const icon = L.divIcon({
    className: `facility${p.open_on_date ? "" : " closed"}`,
    html: symbol(p.group),
    iconSize: [20, 20],
  });
  const name = `${p.name}，${label("kind", p.kind)}`;
  const mark = L.marker([y, x], { icon, keyboard: true, riseOnHover: true });
  mark.on("add", () => {
    const element = mark.getElement();
    if (element) element.setAttribute("aria-label", name);
  });
  const content = () => make("div", facilityFacts(feature, study), serviceAreaForm(feature, study));
  mark.bindPopup(insets.popup(content, { maxWidth: 320 }));
  mark.bindTooltip(() => make("span", p.name), { direction: "top", offset: [0, -8] });
  return mark;
};

/** @param {string} group */
const isLayerShown = (group) => shell.map.hasLayer(shell.layers[`group_${group}`]);

/**
 * Draw the signs of a view.
 *
 * @param {PageData} data
 * @param {string} group
 */
export const draw = ({ facilities, study }, group) => {
  clusters.clearLayers();
  clusters.addLayers(shownFacilities(facilities, group, isLayerShown).map((feature) => marker(feature, study)));
};

/** Return the marks that are seen: of facilities, or of the clusters that stand for them. */
export const visibleMarks = () => {
  const marks = clusters.getLayers().map((mark) => clusters.getVisibleParent(/** @type {L.Marker} */ (mark)));
  return [...new Set(marks)].filter((mark) => mark !== null);
};

/**
 * @param {object} on
 * @param {() => void} on.settle when signs have come to rest after clusters opened
 * @param {() => void} on.toggle when a layer of facilities is shown or hidden
 */
export const setUp = ({ settle, toggle }) => {
  clusters.addTo(shell.map);
  clusters.on("animationend", settle);
  const groups = Object.entries(shell.layers).filter(([name]) => name.startsWith("group_"));
  shell.map.on("overlayadd overlayremove", ({ layer }) => {
    if (layer && groups.some(([, group]) => group === layer)) toggle();
  });
};
