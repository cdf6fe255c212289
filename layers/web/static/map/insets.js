// @ts-check
// What lies on the map's edges, and how views, popups and tips stand clear of it.

import { byId } from "../core/elements.js";

const INSETS = "#title-block, #legend, #map-region .leaflet-control";
const SIDE = 16;
const CONTROLS = 60;
const EDGE = 6;
// Half a sign, and a little: one that is cut by an edge is not in view.
const SIGN = 16;
const CLOSEST_ZOOM = 15;

/**
 * Return the boxes of what lies over the map, in its own pixels.
 *
 * @param {L.Map} map
 * @returns {Box[]}
 */
export const boxes = (map) => {
  const region = map.getContainer().getBoundingClientRect();
  return [...document.querySelectorAll(INSETS)]
    .map((item) => item.getBoundingClientRect())
    .filter((box) => box.width > 0)
    .map((box) => [
      box.left - region.left,
      box.top - region.top,
      box.right - region.left,
      box.bottom - region.top,
    ]);
};

// On a narrow screen the legend stands below the map and takes none of it.
const sizeOver = (/** @type {string} */ id) => {
  const element = byId(id);
  return getComputedStyle(element).position === "absolute" ? element : { offsetWidth: 0, offsetHeight: 0 };
};

const barHeight = () => {
  const bar = document.querySelector(".siting-bar:not([hidden])");
  const corner = /** @type {HTMLElement | null} */ (bar && bar.closest(".leaflet-bottom"));
  return corner ? corner.offsetHeight : 0;
};

/** @returns {Record<"paddingTopLeft" | "paddingBottomRight", [number, number]>} */
const padding = () => ({
  paddingTopLeft: [SIDE, sizeOver("title-block").offsetHeight + SIDE + 2],
  paddingBottomRight: [sizeOver("legend").offsetWidth + SIDE + 4, Math.max(SIDE, barHeight() + 4)],
});

/**
 * Show bounds clear of the insets.
 *
 * @param {L.Map} map
 * @param {L.LatLngBounds} bounds
 * @param {L.FitBoundsOptions} [options]
 */
export const fit = (map, bounds, options = {}) =>
  map.fitBounds(bounds, { ...padding(), ...options, animate: false });

/**
 * @param {L.Map} map
 * @param {Box[]} insets
 * @param {L.LatLng} position
 */
const isShown = (map, insets, position) => {
  const { x, y } = map.latLngToContainerPoint(position);
  const size = map.getSize();
  if (x < SIGN || y < SIGN || x > size.x - SIGN || y > size.y - SIGN) return false;
  return !insets.some(
    ([left, top, right, bottom]) => x > left - SIGN && x < right + SIGN && y > top - SIGN && y < bottom + SIGN,
  );
};

/**
 * Show all positions; the map moves only where one of them is out of view or behind an inset.
 *
 * @param {L.Map} map
 * @param {L.LatLng[]} positions
 */
export const showAll = (map, positions) => {
  if (!positions.length) return;
  const insets = boxes(map);
  if (positions.every((position) => isShown(map, insets, position))) return;
  const {
    paddingTopLeft: [left, top],
    paddingBottomRight: [right, bottom],
  } = padding();
  fit(map, L.latLngBounds(positions), {
    paddingTopLeft: [left + SIGN, top + SIGN],
    paddingBottomRight: [right + SIGN, bottom + SIGN],
    maxZoom: CLOSEST_ZOOM,
  });
};

// The padding is computed at each opening: title, legend and bar change with what is shown.
const Popup = L.Popup.extend({
  onAdd(/** @type {L.Map} */ map) {
    const {
      paddingTopLeft: [, top],
      paddingBottomRight: [right, bottom],
    } = padding();
    L.setOptions(this, {
      autoPanPaddingTopLeft: [CONTROLS, top + 6],
      autoPanPaddingBottomRight: [right, bottom],
    });
    L.Popup.prototype.onAdd.call(this, map);
  },
});

/**
 * Return a popup that opens clear of the insets.
 *
 * @param {() => HTMLElement} content
 * @param {L.PopupOptions} options
 * @returns {L.Popup}
 */
export const popup = (content, options) =>
  // @ts-expect-error Leaflet takes a function as content, which its types do not say of setContent
  new Popup({ className: "facts-popup", ...options }).setContent(content);

// A tip beside the cursor that would leave the map is moved back into it.
const Tip = L.Tooltip.extend({
  _setPosition(/** @type {L.Point} */ position) {
    // @ts-expect-error private to Leaflet, which offers no other way to move a tip
    L.Tooltip.prototype._setPosition.call(this, position);
    const size = this._map.getSize();
    const low = this._map.layerPointToContainerPoint(L.DomUtil.getPosition(this._container));
    const style = getComputedStyle(this._container);
    const left = low.x + parseFloat(style.marginLeft);
    const top = low.y + parseFloat(style.marginTop);
    const { offsetWidth: wide, offsetHeight: high } = this._container;
    const x = Math.max(EDGE, Math.min(left, size.x - EDGE - wide));
    const lowest = size.y - EDGE - high;
    const title = byId("title-block");
    const isBelow = x < title.offsetLeft + title.offsetWidth && x + wide > title.offsetLeft;
    // The title is left free as far as there is room below it.
    const highest = isBelow ? title.offsetTop + title.offsetHeight + 2 : EDGE;
    const y = Math.max(EDGE, Math.min(Math.max(top, highest), lowest));
    const moved = L.point(x - left, y - top);
    this._container.classList.toggle("moved", moved.x !== 0);
    if (moved.x || moved.y) {
      L.DomUtil.setPosition(this._container, L.DomUtil.getPosition(this._container).add(moved));
    }
  },
});

/**
 * Return a tip that follows the cursor and stays within the map.
 *
 * @param {HTMLElement | (() => HTMLElement)} content
 * @returns {L.Tooltip}
 */
export const tip = (content) => {
  const Made = /** @type {new (options: L.TooltipOptions) => L.Tooltip} */ (/** @type {unknown} */ (Tip));
  return new Made({ sticky: true, className: "facts-tip", opacity: 1 }).setContent(content);
};
