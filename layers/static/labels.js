// Names on the map where they fit, else beside: none over another, the title or the legend.
"use strict";
{
  const { make } = window.kepu;
  // Where a name is tried, as shares of the polygon's height and of its width there.
  const LINES = [0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74, 0.2, 0.8];
  const SHARES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];
  // How much of its width a name may reach beyond its polygon.
  const MOST_OVER = { township: 0.2, neighbour: 0 };
  const SIGN = 12;
  // A polygon smaller than this on the screen, in pixels, is not named.
  const LEAST = 9;
  // What it costs, in pixels, when a line leads into the district in the place of out of it.
  const INWARD = 25;
  // Directions and distances in which a name is tried that has no room within its polygon.
  const ROUND = [22, 36, 52, 70, 90, 112, 136, 162].flatMap((reach) =>
    Array.from({ length: 24 }, (_, at) => [Math.cos((at * Math.PI) / 12), Math.sin((at * Math.PI) / 12), reach]),
  );

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

  const furniture = (map) =>
    window.kepu.room.furniture(map).map(([left, top, right, bottom]) => {
      const low = map.containerPointToLayerPoint([left, top]);
      const high = map.containerPointToLayerPoint([right, bottom]);
      return [low.x, low.y, high.x, high.y];
    });

  const text = (item, isSmall) => {
    if (item.neighbour) return make("span.place.neighbour", make("b", item.name));
    return make(isSmall ? "span.place.small" : "span.place", make("b", item.name), make("i", item.value));
  };

  const write = (item, at, size, map, layer, isSmall) =>
    L.marker(map.layerPointToLatLng(at), {
      icon: L.divIcon({ className: "place-label", html: text(item, isSmall), iconSize: [size.width, size.height] }),
      interactive: false,
      keyboard: false,
      zIndexOffset: 5000,
    }).addTo(layer);

  const sizeOf = (item) => ({ width: Math.max(widthOf(item.name), 44), height: item.neighbour ? 18 : 34 });

  // How wide and high a polygon is on the screen.
  const extent = (item, map) => {
    const bounds = item.shape.getBounds();
    return map.latLngToLayerPoint(bounds.getSouthEast()).subtract(map.latLngToLayerPoint(bounds.getNorthWest()));
  };

  // Whether there was room for the name within its polygon.
  const put = (item, map, layer, taken, signs) => {
    const size = sizeOf(item);
    const { x: wide, y: high } = extent(item, map);
    if (wide < size.width * 0.8 || high < size.height * 0.8) return false;
    const best = places(item, map, size)
      .filter((place) => place.over <= MOST_OVER[item.neighbour ? "neighbour" : "township"])
      .filter((place) => !taken.some((box) => meets(box, place.box)))
      .map((place) => ({ ...place, cost: place.cost + signs.filter((s) => meets(s, place.box)).length }))
      .sort((a, b) => a.cost - b.cost)[0];
    if (!best) return false;
    taken.push(best.box);
    write(item, [best.x, best.y], size, map, layer);
    return true;
  };

  // A point well within the polygon, from which a line leads to its name.
  const heart = (item, map) => {
    const bounds = item.shape.getBounds();
    const lat = bounds.getCenter().lat;
    const stretch = widest(ringsOf(item.shape), lat, bounds);
    return stretch && map.latLngToLayerPoint([lat, (stretch[0] + stretch[1]) / 2]);
  };

  // The share of a line's points that lie in a box.
  const crossed = (from, to, box) => {
    const steps = 12;
    let inside = 0;
    for (let step = 1; step <= steps; step += 1) {
      const x = from.x + ((to.x - from.x) * step) / steps;
      const y = from.y + ((to.y - from.y) * step) / steps;
      if (meets([x, y, x, y], box)) inside += 1;
    }
    return inside / steps;
  };

  // Where the line meets the name's box.
  const edge = (from, { x, y, box }) => {
    const wide = (box[2] - box[0]) / 2 / Math.max(Math.abs(from.x - x), 0.01);
    const high = (box[3] - box[1]) / 2 / Math.max(Math.abs(from.y - y), 0.01);
    const share = Math.min(wide, high, 1);
    return L.point(x + (from.x - x) * share, y + (from.y - y) * share);
  };

  // No room within: beside it, in smaller type, at the end of a line.
  const lead = (item, map, layer, taken, signs, lines, middle) => {
    const from = heart(item, map);
    const { x: wide, y: high } = extent(item, map);
    if (!from || !map.getBounds().contains(map.layerPointToLatLng(from))) return;
    if (wide < LEAST || high < LEAST) return;
    const size = { width: Math.max(widthOf(item.name) * 0.88, 40), height: 28 };
    const nook = map.containerPointToLayerPoint([4, 4]);
    const far = map.containerPointToLayerPoint(map.getSize().subtract([4, 4]));
    const best = ROUND.map(([dx, dy, reach]) => {
      const x = from.x + dx * (reach + size.width / 2);
      const y = from.y + dy * (reach + size.height / 2);
      const box = [x - size.width / 2, y - size.height / 2, x + size.width / 2, y + size.height / 2];
      const out = L.point(from.x - middle.x, from.y - middle.y);
      const inward = 1 - (dx * out.x + dy * out.y) / Math.max(Math.hypot(out.x, out.y), 1);
      return { x, y, box, cost: reach + INWARD * inward };
    })
      .filter(({ box }) => box[0] >= nook.x && box[1] >= nook.y && box[2] <= far.x && box[3] <= far.y)
      .filter(({ box }) => ![...taken, ...signs].some((other) => meets(other, box)))
      .filter(({ box }) => !lines.some(([a, b]) => crossed(a, b, box)))
      .map((place) => ({ ...place, end: edge(from, place) }))
      .filter(({ end }) => !taken.some((box) => crossed(from, end, box)))
      .map((place) => ({ ...place, cost: place.cost + 40 * signs.filter((box) => crossed(from, place.end, box)).length }))
      .sort((a, b) => a.cost - b.cost)[0];
    if (!best) return;
    taken.push(best.box);
    lines.push([from, best.end]);
    const ends = [from, best.end].map((point) => map.layerPointToLatLng(point));
    const look = { pane: "leaders", interactive: false };
    L.polyline(ends, { ...look, color: "#ffffff", weight: 3.4, opacity: 0.85 }).addTo(layer);
    L.polyline(ends, { ...look, color: "#1c2733", weight: 1.2 }).addTo(layer);
    L.circleMarker(ends[0], { ...look, radius: 2.4, color: "#ffffff", weight: 1, fillColor: "#1c2733", fillOpacity: 1 }).addTo(layer);
    write(item, [best.x, best.y], size, map, layer, true);
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
    const lines = [];
    const without = ordered.filter((item) => !item.neighbour && !put(item, map, layer, taken, signs));
    const whole = L.latLngBounds(items.filter((item) => !item.neighbour).map((item) => item.shape.getBounds()));
    const middle = whole.isValid() ? map.latLngToLayerPoint(whole.getCenter()) : null;
    for (const item of without) lead(item, map, layer, taken, signs, lines, middle);
    for (const item of ordered) if (item.neighbour) put(item, map, layer, taken, signs);
  };

  window.kepu.labels = { draw };
}
