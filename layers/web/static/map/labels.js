// @ts-check
// Names on the map where they fit, else beside: none over another, the title or the legend.

import { make } from "../core/elements.js";
import * as insets from "./insets.js";
import { placeBeside, placeWithin, stretchShares, textWidth, widestStretch } from "./label_placement.js";

// How much of its width a name may reach beyond its polygon.
const MOST_OVER = { township: 0.2, neighbour: 0 };
const SIGN = 12;
// A polygon smaller than this on the screen, in pixels, is not named.
const LEAST = 9;
// A name needs at least this share of its size in its polygon's extent.
const LEAST_SHARE = 0.8;
const SMALL = 0.88;
const FRAME = 4;

/**
 * @param {NamedShape} item
 * @returns {Position[][]}
 */
const ringsOf = (item) => {
  /** @type {Position[][]} */
  const rings = [];
  item.shape.eachLayer((part) => {
    for (const polygon of /** @type {any} */ (part).getLatLngs()) {
      rings.push(...(Array.isArray(polygon[0]) ? polygon : [polygon]));
    }
  });
  return rings;
};

/**
 * Return the polygon's stretches that are in view, in pixels.
 *
 * @param {NamedShape} item
 * @param {L.Map} map
 * @returns {(Stretch | null)[]}
 */
const stretchesOf = (item, map) => {
  const bounds = item.shape.getBounds();
  const frame = item.isNeighbour ? map.getBounds() : bounds;
  const south = Math.max(bounds.getSouth(), frame.getSouth());
  const north = Math.min(bounds.getNorth(), frame.getNorth());
  const rings = ringsOf(item);
  return stretchShares.map((share) => {
    const lat = south + share * (north - south);
    const stretch = widestStretch(rings, lat, frame.getWest(), frame.getEast());
    if (!stretch) return null;
    const [west, east] = stretch.map((lng) => map.latLngToLayerPoint([lat, lng]));
    return { west: west.x, east: east.x, y: west.y };
  });
};

/**
 * @param {L.Map} map
 * @returns {Box[]}
 */
const insetBoxes = (map) =>
  insets.boxes(map).map(([left, top, right, bottom]) => {
    const low = map.containerPointToLayerPoint([left, top]);
    const high = map.containerPointToLayerPoint([right, bottom]);
    return [low.x, low.y, high.x, high.y];
  });

/**
 * @param {NamedShape} item
 * @param {boolean} isSmall
 */
const labelText = (item, isSmall) => {
  if (item.isNeighbour) return make("span.place.neighbour", make("b", item.name));
  return make(isSmall ? "span.place.small" : "span.place", make("b", item.name), make("i", item.value));
};

/**
 * How wide and high a polygon is on the screen.
 *
 * @param {NamedShape} item
 * @param {L.Map} map
 */
const extent = (item, map) => {
  const bounds = item.shape.getBounds();
  return map.latLngToLayerPoint(bounds.getSouthEast()).subtract(map.latLngToLayerPoint(bounds.getNorthWest()));
};

/**
 * A point well within the polygon, from which a line leads to its name.
 *
 * @param {NamedShape} item
 * @param {L.Map} map
 */
const innerPoint = (item, map) => {
  const bounds = item.shape.getBounds();
  const lat = bounds.getCenter().lat;
  const stretch = widestStretch(ringsOf(item), lat, bounds.getWest(), bounds.getEast());
  return stretch && map.latLngToLayerPoint([lat, (stretch[0] + stretch[1]) / 2]);
};

/** @param {NamedShape} item */
const area = (item) => {
  const bounds = item.shape.getBounds();
  return (bounds.getEast() - bounds.getWest()) * (bounds.getNorth() - bounds.getSouth());
};

/** One drawing of the labels: what is on the map already, and what has been placed. */
class Labels {
  /**
   * @param {L.Map} map
   * @param {L.LayerGroup} layer
   * @param {L.Marker[]} marks
   */
  constructor(map, layer, marks) {
    this.map = map;
    this.layer = layer;
    this.taken = insetBoxes(map);
    /** @type {[Point, Point][]} */
    this.lines = [];
    /** @type {Box[]} */
    this.signs = marks.map((mark) => {
      const { x, y } = map.latLngToLayerPoint(mark.getLatLng());
      return [x - SIGN, y - SIGN, x + SIGN, y + SIGN];
    });
  }

  /**
   * Write a name within its polygon.
   *
   * @param {NamedShape} item
   * @returns {boolean} whether there was room for it
   */
  putWithin(item) {
    const size = { width: Math.max(textWidth(item.name), 44), height: item.isNeighbour ? 18 : 34 };
    const { x: wide, y: high } = extent(item, this.map);
    if (wide < size.width * LEAST_SHARE || high < size.height * LEAST_SHARE) return false;
    const over = MOST_OVER[item.isNeighbour ? "neighbour" : "township"];
    const best = placeWithin(stretchesOf(item, this.map), size, over, this.taken, this.signs);
    if (!best) return false;
    this.taken.push(best.box);
    this.write(item, best, size, false);
    return true;
  }

  /**
   * Write a name beside its polygon, in smaller type, at the end of a line.
   *
   * @param {NamedShape} item
   * @param {Point} centre of all townships
   */
  putBeside(item, centre) {
    const { map } = this;
    const from = innerPoint(item, map);
    const { x: wide, y: high } = extent(item, map);
    if (!from || !map.getBounds().contains(map.layerPointToLatLng(from))) return;
    if (wide < LEAST || high < LEAST) return;
    const size = { width: Math.max(textWidth(item.name) * SMALL, 40), height: 28 };
    const low = map.containerPointToLayerPoint([FRAME, FRAME]);
    const far = map.containerPointToLayerPoint(map.getSize().subtract([FRAME, FRAME]));
    const best = placeBeside(from, size, [low.x, low.y, far.x, far.y], centre, this);
    if (!best) return;
    this.taken.push(best.box);
    this.lines.push([from, best.end]);
    this.drawLine([from, best.end].map(({ x, y }) => map.layerPointToLatLng([x, y])));
    this.write(item, best, size, true);
  }

  /** @param {L.LatLng[]} ends */
  drawLine(ends) {
    const style = { pane: "leaders", interactive: false };
    L.polyline(ends, { ...style, color: "#ffffff", weight: 3.4, opacity: 0.85 }).addTo(this.layer);
    L.polyline(ends, { ...style, color: "#1c2733", weight: 1.2 }).addTo(this.layer);
    const dot = { radius: 2.4, color: "#ffffff", weight: 1, fillColor: "#1c2733", fillOpacity: 1 };
    L.circleMarker(ends[0], { ...style, ...dot }).addTo(this.layer);
  }

  /**
   * @param {NamedShape} item
   * @param {Point} position
   * @param {Size} size
   * @param {boolean} isSmall
   */
  write(item, { x, y }, size, isSmall) {
    const icon = L.divIcon({
      className: "place-label",
      html: labelText(item, isSmall),
      iconSize: [size.width, size.height],
    });
    const position = this.map.layerPointToLatLng([x, y]);
    L.marker(position, { icon, interactive: false, keyboard: false, zIndexOffset: 5000 }).addTo(this.layer);
  }
}

/**
 * Draw the names: townships before neighbours, the largest first.
 *
 * @param {L.Map} map
 * @param {L.LayerGroup} layer whose content they replace
 * @param {NamedShape[]} items
 * @param {L.Marker[]} marks signs that names give way to
 */
export const drawLabels = (map, layer, items, marks) => {
  layer.clearLayers();
  const labels = new Labels(map, layer, marks);
  const bySize = [...items].sort((a, b) => area(b) - area(a));
  const townships = bySize.filter((item) => !item.isNeighbour);
  const without = townships.filter((item) => !labels.putWithin(item));
  if (without.length) {
    const all = L.latLngBounds([]);
    for (const item of townships) all.extend(item.shape.getBounds());
    const centre = map.latLngToLayerPoint(all.getCenter());
    for (const item of without) labels.putBeside(item, centre);
  }
  for (const item of bySize) if (item.isNeighbour) labels.putWithin(item);
};
