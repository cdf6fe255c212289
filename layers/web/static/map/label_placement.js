// @ts-check
// Where the names of polygons go: within them where they fit, else beside them at the end of a
// line. All lengths are pixels of the map's layer; nothing here draws.

// Where a name is tried, as shares of the polygon's height and of its width there.
const LINES = [0.5, 0.44, 0.56, 0.38, 0.62, 0.32, 0.68, 0.26, 0.74, 0.2, 0.8];
const SHARES = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82];
// What a place costs: by how far it reaches beyond the polygon, and by how far from its middle it is.
const OVER_COST = 4;
const LINE_COST = 0.04;
const SHARE_COST = 0.03;
// What it costs when a line leads into the district in the place of out of it, or over a sign.
const INWARD_COST = 25;
const SIGN_COST = 40;
// Directions and distances in which a name is tried that has no room within its polygon.
const DIRECTIONS = 24;
const DISTANCES = [22, 36, 52, 70, 90, 112, 136, 162];
const ROUND = DISTANCES.flatMap((distance) =>
  Array.from({ length: DIRECTIONS }, (_, step) => {
    const angle = (step * Math.PI) / (DIRECTIONS / 2);
    return [Math.cos(angle), Math.sin(angle), distance];
  }),
);
const LINE_STEPS = 12;
const WIDE_SIGN = 13.2;
const NARROW_SIGN = 7.4;
const FIRST_WIDE = 0x2e7f;

/**
 * Return about how wide a text is: signs of Chinese are wider than others.
 *
 * @param {string} text
 */
export const textWidth = (text) =>
  [...text].reduce(
    (sum, sign) => sum + (Number(sign.codePointAt(0)) > FIRST_WIDE ? WIDE_SIGN : NARROW_SIGN),
    8,
  );

/**
 * Return the widest stretch of a polygon along a line of latitude, between two meridians.
 *
 * @param {Position[][]} rings shells and holes alike: each crossing goes in or out
 * @param {number} lat
 * @param {number} west
 * @param {number} east
 * @returns {[number, number] | null}
 */
export const widestStretch = (rings, lat, west, east) => {
  /** @type {number[]} */
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
  /** @type {[number, number] | null} */
  let best = null;
  for (let index = 0; index + 1 < crossings.length; index += 2) {
    const from = Math.max(crossings[index], west);
    const to = Math.min(crossings[index + 1], east);
    if (to > from && (!best || to - from > best[1] - best[0])) best = [from, to];
  }
  return best;
};

/**
 * Return whether two boxes overlap; those that only touch do not.
 *
 * @param {Box} a
 * @param {Box} b
 */
export const overlaps = (a, b) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];

/**
 * Return the box of a size around its middle.
 *
 * @param {number} x
 * @param {number} y
 * @param {Size} size
 * @returns {Box}
 */
export const boxAround = (x, y, { width, height }) => [
  x - width / 2,
  y - height / 2,
  x + width / 2,
  y + height / 2,
];

/**
 * Return the share of a line's points that lie in a box.
 *
 * @param {Point} from
 * @param {Point} to
 * @param {Box} box
 */
export const shareWithin = (from, to, box) => {
  let inside = 0;
  for (let step = 1; step <= LINE_STEPS; step += 1) {
    const x = from.x + ((to.x - from.x) * step) / LINE_STEPS;
    const y = from.y + ((to.y - from.y) * step) / LINE_STEPS;
    if (overlaps([x, y, x, y], box)) inside += 1;
  }
  return inside / LINE_STEPS;
};

/**
 * Return the point where a line to the middle of a place meets its box.
 *
 * @param {Point} from
 * @param {{ x: number, y: number, box: Box }} place
 * @returns {Point}
 */
export const edgePoint = (from, { x, y, box }) => {
  const wide = (box[2] - box[0]) / 2 / Math.max(Math.abs(from.x - x), 0.01);
  const high = (box[3] - box[1]) / 2 / Math.max(Math.abs(from.y - y), 0.01);
  const share = Math.min(wide, high, 1);
  return { x: x + (from.x - x) * share, y: y + (from.y - y) * share };
};

/**
 * @template {{ cost: number }} P
 * @param {P[]} places
 * @returns {P | null}
 */
const cheapest = (places) => places.sort((a, b) => a.cost - b.cost)[0] || null;

/**
 * Return the best place for a name within its polygon, or null where there is none.
 *
 * @param {(Stretch | null)[]} stretches of the polygon at each of `stretchShares`
 * @param {Size} size of the name
 * @param {number} mostOver how much of its width the name may reach beyond the polygon
 * @param {Box[]} taken boxes that it must not overlap
 * @param {Box[]} signs boxes that it overlaps only where it must
 */
export const placeWithin = (stretches, size, mostOver, taken, signs) =>
  cheapest(
    stretches
      .flatMap((stretch, row) => (stretch ? placesAlong(stretch, row, size) : []))
      .filter((place) => place.over <= mostOver)
      .filter((place) => !taken.some((box) => overlaps(box, place.box)))
      .map((place) => ({
        ...place,
        cost: place.cost + signs.filter((sign) => overlaps(sign, place.box)).length,
      })),
  );

/** Shares of a polygon's height, from its south, at which a stretch is tried. */
export const stretchShares = LINES;

/**
 * @param {Stretch} stretch
 * @param {number} row
 * @param {Size} size
 */
const placesAlong = ({ west, east, y }, row, size) =>
  SHARES.map((share, column) => {
    const x = west + share * (east - west);
    const half = size.width / 2;
    const over = Math.max(0, west - x + half, x + half - east) / size.width;
    const cost = over * OVER_COST + row * LINE_COST + column * SHARE_COST;
    return { x, y, box: boxAround(x, y, size), over, cost };
  });

/**
 * Return the best place for a name beside its polygon, with the end of its line, or null.
 *
 * @param {Point} from a point well within the polygon
 * @param {Size} size of the name
 * @param {Box} frame within which the name must lie
 * @param {Point} centre of all polygons: lines lead away from it where they can
 * @param {{ taken: Box[], signs: Box[], lines: [Point, Point][] }} others that are placed already
 */
export const placeBeside = (from, size, frame, centre, { taken, signs, lines }) => {
  const out = { x: from.x - centre.x, y: from.y - centre.y };
  const length = Math.max(Math.hypot(out.x, out.y), 1);
  return cheapest(
    ROUND.map(([dx, dy, distance]) => {
      const x = from.x + dx * (distance + size.width / 2);
      const y = from.y + dy * (distance + size.height / 2);
      const inward = 1 - (dx * out.x + dy * out.y) / length;
      return { x, y, box: boxAround(x, y, size), cost: distance + INWARD_COST * inward };
    })
      .filter(({ box }) => box[0] >= frame[0] && box[1] >= frame[1] && box[2] <= frame[2] && box[3] <= frame[3])
      .filter(({ box }) => ![...taken, ...signs].some((other) => overlaps(other, box)))
      .filter(({ box }) => !lines.some(([a, b]) => shareWithin(a, b, box)))
      .map((place) => ({ ...place, end: edgePoint(from, place) }))
      .filter(({ end }) => !taken.some((box) => shareWithin(from, end, box)))
      .map((place) => {
        const crossed = signs.filter((box) => shareWithin(from, place.end, box)).length;
        return { ...place, cost: place.cost + SIGN_COST * crossed };
      }),
  );
};
