// Names on the map where they fit: none over another, over a sign, the title or the legend.
"use strict";
{
  const { make } = window.kepu;
  // Where a name is tried, as shares of the polygon's height and of its width there.
  const LINES = [0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74, 0.2, 0.8];
  const SHARES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];
  // How much of its width a name may reach beyond its polygon.
  const MOST_OVER = { township: 0.2, neighbour: 0 };
  const SIGN = 12;
  const FURNITURE = "#title-block, #legend, #map-region .leaflet-control";

  const ringsOf = (shape) => {
    const rings = [];
    shape.eachLayer((part) => {
      for (const polygon of part.getLatLngs()) {
        rings.push(...(Array.isArray(polygon[0]) ? polygon : [polygon]));
      }
    });
    return rings;
  };

  // The widest stretch of the polygon along a line of latitude, within what is in view.
  const widest = (rings, lat, frame) => {
    const crossings = [];
    for (const ring of rings) {
      ring.forEach((a, index) => {
        const b = ring[(index + 1) % ring.length];
        if (a.lat > lat !== b.lat > lat) {
          crossings.push(a.lng + ((lat - a.lat) / (b.lat - a.lat)) * (b.lng - a.lng));
        }
      });
    }
    crossings.sort((a, b) => a - b);
    let best = null;
    for (let index = 0; index + 1 < crossings.length; index += 2) {
      const west = Math.max(crossings[index], frame.getWest());
      const east = Math.min(crossings[index + 1], frame.getEast());
      if (east > west && (!best || east - west > best[1] - best[0])) best = [west, east];
    }
    return best;
  };

  const widthOf = (text) =>
    [...text].reduce((sum, sign) => sum + (sign.codePointAt(0) > 0x2e7f ? 13.2 : 7.4), 8);

  // Places for a name with the boxes that it would take, each with how badly it fits.
  const places = (item, map, size) => {
    const bounds = item.shape.getBounds();
    const frame = item.neighbour ? map.getBounds() : bounds;
    const south = Math.max(bounds.getSouth(), frame.getSouth());
    const north = Math.min(bounds.getNorth(), frame.getNorth());
    const rings = ringsOf(item.shape);
    return LINES.flatMap((line, row) => {
      const lat = south + line * (north - south);
      const stretch = widest(rings, lat, frame);
      if (!stretch) return [];
      const [west, east] = stretch.map((lng) => map.latLngToLayerPoint([lat, lng]).x);
      const { y } = map.latLngToLayerPoint([lat, stretch[0]]);
      return SHARES.map((share, column) => {
        const x = west + share * (east - west);
        const half = size.width / 2;
        const over = Math.max(0, west - x + half, x + half - east) / size.width;
        const box = [x - half, y - size.height / 2, x + half, y + size.height / 2];
        return { x, y, box, over, cost: over * 4 + row * 0.04 + column * 0.03 };
      });
    });
  };

  const meets = (a, b) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];

  const furniture = (map) => {
    const region = map.getContainer().getBoundingClientRect();
    const pieces = [...document.querySelectorAll(FURNITURE)].map((item) => item.getBoundingClientRect());
    return pieces.map((box) => {
      const low = map.containerPointToLayerPoint([box.left - region.left, box.top - region.top]);
      const high = map.containerPointToLayerPoint([box.right - region.left, box.bottom - region.top]);
      return [low.x, low.y, high.x, high.y];
    });
  };

  const text = (item) => {
    if (item.neighbour) return make("span.place.neighbour", make("b", item.name));
    return make("span.place", make("b", item.name), make("i", item.value));
  };

  const put = (item, map, layer, taken, signs) => {
    const size = { width: Math.max(widthOf(item.name), 44), height: item.neighbour ? 18 : 34 };
    const bounds = item.shape.getBounds();
    const corner = map.latLngToLayerPoint(bounds.getNorthWest());
    const other = map.latLngToLayerPoint(bounds.getSouthEast());
    if (other.x - corner.x < size.width * 0.8 || other.y - corner.y < size.height * 0.8) return;
    const best = places(item, map, size)
      .filter((place) => place.over <= MOST_OVER[item.neighbour ? "neighbour" : "township"])
      .filter((place) => !taken.some((box) => meets(box, place.box)))
      .map((place) => ({ ...place, cost: place.cost + signs.filter((s) => meets(s, place.box)).length }))
      .sort((a, b) => a.cost - b.cost)[0];
    if (!best) return;
    taken.push(best.box);
    L.marker(map.layerPointToLatLng([best.x, best.y]), {
      icon: L.divIcon({ className: "place-label", html: text(item), iconSize: [size.width, size.height] }),
      interactive: false,
      keyboard: false,
      zIndexOffset: 5000,
    }).addTo(layer);
  };

  const span = (item) => {
    const bounds = item.shape.getBounds();
    return (bounds.getEast() - bounds.getWest()) * (bounds.getNorth() - bounds.getSouth());
  };

  // Townships before neighbours, the largest first.
  const draw = (map, layer, items, marks) => {
    layer.clearLayers();
    const taken = furniture(map);
    const signs = marks.map((mark) => {
      const { x, y } = map.latLngToLayerPoint(mark.getLatLng());
      return [x - SIGN, y - SIGN, x + SIGN, y + SIGN];
    });
    const ordered = [...items].sort((a, b) => Boolean(a.neighbour) - Boolean(b.neighbour) || span(b) - span(a));
    for (const item of ordered) put(item, map, layer, taken, signs);
  };

  window.kepu.labels = { draw };
}
