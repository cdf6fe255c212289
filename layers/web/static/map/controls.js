// @ts-check
// The map's buttons, the names of Leaflet's own controls, and the basemap of the office.

import { drawing, make } from "../core/elements.js";
import { settings } from "../core/settings.js";
import { shell } from "../core/shell.js";
import { translate } from "../core/words.js";

const FULL = "M3 8V3H8M12 3H17V8M17 12V17H12M8 17H3V12";
const HOME = "M3 10 10 3.5 17 10M5 8.5V16.5H15V8.5";

/**
 * @param {Element} element
 * @param {string} title
 */
const setTitle = (element, title) => {
  element.setAttribute("title", title);
  element.setAttribute("aria-label", title);
};

/**
 * @param {string} path of the icon
 * @param {string} title
 * @param {() => void} action
 */
const addButton = (path, title, action) => {
  const Control = L.Control.extend({
    options: { position: "topleft" },
    onAdd: () => {
      const icon = drawing("svg", { viewBox: "0 0 20 20", width: 18, height: 18, "aria-hidden": "true" });
      icon.append(drawing("path", { d: path, fill: "none", stroke: "currentColor", "stroke-width": 2 }));
      const button = make("button.map-button", icon);
      button.type = "button";
      setTitle(button, title);
      L.DomEvent.disableClickPropagation(button);
      button.addEventListener("click", action);
      return make("div.leaflet-bar", button);
    },
  });
  new Control().addTo(shell.map);
};

const nameControls = () => {
  const named = /** @param {string} selector */ (selector) =>
    /** @type {Element} */ (document.querySelector(selector));
  setTitle(named(".leaflet-control-zoom-in"), translate("zoom_in"));
  setTitle(named(".leaflet-control-zoom-out"), translate("zoom_out"));
  setTitle(named(".leaflet-control-layers-toggle"), translate("layers"));
  shell.control._layerControlInputs.forEach((input, index) => {
    input.setAttribute("aria-label", shell.control._layers[index].name);
  });
};

const addBasemap = () => {
  const { basemap } = settings;
  if (!basemap) return;
  // Leaflet sets an attribution as markup, so that what the office wrote is escaped.
  const attribution = make("span", basemap.attribution).innerHTML;
  L.tileLayer(basemap.url, {
    attribution,
    minZoom: basemap.min_zoom,
    maxNativeZoom: basemap.max_zoom,
  }).addTo(shell.map);
};

/**
 * Put the controls on the map.
 *
 * @param {HTMLElement} region that the button of the full screen enlarges
 * @param {() => void} fit shows the whole district
 */
export const setUp = (region, fit) => {
  shell.map.attributionControl.setPrefix(false);
  addButton(FULL, translate("fullscreen"), () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else region.requestFullscreen();
  });
  addButton(HOME, translate("whole_district"), fit);
  addBasemap();
  nameControls();
};
