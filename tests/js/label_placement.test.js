import assert from "node:assert/strict";
import { test } from "node:test";

import {
  boxAround,
  edgePoint,
  overlaps,
  placeBeside,
  placeWithin,
  shareWithin,
  stretchShares,
  textWidth,
  widestStretch,
} from "../../layers/web/static/map/label_placement.js";

const ring = (/** @type {[number, number][]} */ points) => points.map(([lng, lat]) => ({ lng, lat }));
const square = ring([[0, 0], [10, 0], [10, 10], [0, 10]]); // prettier-ignore
/** @type {Size} */
const size = { width: 40, height: 20 };

test("the widest stretch of a square is its width, within what is in view", () => {
  assert.deepEqual(widestStretch([square], 5, -90, 90), [0, 10]);
  assert.deepEqual(widestStretch([square], 5, 2, 7), [2, 7]);
  assert.equal(widestStretch([square], 5, 11, 20), null);
  assert.equal(widestStretch([square], 12, -90, 90), null);
});

test("of a shape like a U the wider arm is taken, and a hole divides a stretch", () => {
  const arms = ring([[0, 0], [10, 0], [10, 10], [6, 10], [6, 4], [3, 4], [3, 10], [0, 10]]); // prettier-ignore
  assert.deepEqual(widestStretch([arms], 2, -90, 90), [0, 10]);
  assert.deepEqual(widestStretch([arms], 8, -90, 90), [6, 10]);
  const hole = ring([[2, 4], [3, 4], [3, 6], [2, 6]]); // prettier-ignore
  assert.deepEqual(widestStretch([square, hole], 5, -90, 90), [3, 10]);
});

test("a slanted side is cut where the line of latitude meets it", () => {
  const triangle = ring([[0, 0], [8, 0], [0, 8]]); // prettier-ignore
  assert.deepEqual(widestStretch([triangle], 2, -90, 90), [0, 6]);
});

test("signs of Chinese are wider than Latin ones", () => {
  assert.equal(textWidth(""), 8);
  assert.ok(Math.abs(textWidth("城东街道") - (8 + 4 * 13.2)) < 1e-9);
  assert.ok(Math.abs(textWidth("ab") - (8 + 2 * 7.4)) < 1e-9);
  // A sign beyond the first plane is one sign and not two.
  assert.ok(Math.abs(textWidth("𠮷") - (8 + 13.2)) < 1e-9);
});

test("boxes that only touch do not overlap", () => {
  assert.equal(overlaps([0, 0, 10, 10], [10, 0, 20, 10]), false);
  assert.equal(overlaps([0, 0, 10, 10], [9.9, 9.9, 20, 20]), true);
  assert.equal(overlaps([0, 0, 10, 10], [2, 2, 3, 3]), true);
  assert.deepEqual(boxAround(100, 50, size), [80, 40, 120, 60]);
});

test("a line's share in a box is counted over its twelve points", () => {
  // Points at x = 10, 20, ... 120; those of 50 to 80 lie within 45 to 85.
  assert.equal(shareWithin({ x: 0, y: 0 }, { x: 120, y: 0 }, [45, -1, 85, 1]), 4 / 12);
  assert.equal(shareWithin({ x: 0, y: 0 }, { x: 120, y: 0 }, [45, 1, 85, 2]), 0);
});

test("a line ends on the edge of the name's box", () => {
  const place = { x: 100, y: 0, box: boxAround(100, 0, size) };
  assert.deepEqual(edgePoint({ x: 0, y: 0 }, place), { x: 80, y: 0 });
  assert.deepEqual(edgePoint({ x: 100, y: 50 }, place), { x: 100, y: 10 });
  // From a point within the box, the line is no longer than to that point.
  assert.deepEqual(edgePoint({ x: 95, y: 0 }, place), { x: 95, y: 0 });
});

const stretches = (/** @type {number} */ west, /** @type {number} */ east) =>
  stretchShares.map((share) => ({ west, east, y: 100 * (1 - share) }));

test("a name that has room stands in the middle of its polygon", () => {
  const place = placeWithin(stretches(0, 200), size, 0, [], []);
  assert.deepEqual([place?.x, place?.y], [100, 50]);
  assert.deepEqual(place?.box, [80, 40, 120, 60]);
});

test("a name gives way to what is taken, at the least cost", () => {
  // The middle of the middle line is taken up to x = 90: the next share, 0.42, is in it as well.
  const place = placeWithin(stretches(0, 200), size, 0, [[0, 0, 90, 100]], []);
  assert.ok(place && place.box[0] >= 90);
  // 0.58 of 200, on the middle line: 116 − 20 = 96 is clear of it.
  assert.ok(Math.abs(place.x - 116) < 1e-9 && place.y === 50);
  assert.equal(placeWithin(stretches(0, 200), size, 0, [[0, 0, 200, 100]], []), null);
});

test("a sign is avoided where there is room beside it, and covered where there is none", () => {
  const sign = /** @type {Box} */ ([98, 48, 102, 52]);
  const free = placeWithin(stretches(0, 200), size, 0, [], [sign]);
  assert.ok(free && !overlaps(free.box, sign));
  const everywhere = /** @type {Box} */ ([0, 0, 200, 100]);
  const covered = placeWithin(stretches(0, 200), size, 0, [], [everywhere]);
  assert.deepEqual([covered?.x, covered?.y], [100, 50]);
});

test("a name may reach beyond its polygon by so much and no more", () => {
  // 40 wide in a stretch of 30: 5 on each side, an eighth of its width.
  assert.ok(placeWithin(stretches(0, 30), size, 0.2, [], []));
  assert.equal(placeWithin(stretches(0, 30), size, 0.1, [], []), null);
  assert.equal(placeWithin([null, null], size, 1, [], []), null);
});

test("a name beside its polygon stands outwards, as near as it can", () => {
  const frame = /** @type {Box} */ ([0, 0, 1000, 1000]);
  const others = { taken: [], signs: [], lines: [] };
  // West of the centre: due west, 22 px from the point to the box of 40.
  const place = placeBeside({ x: 300, y: 500 }, size, frame, { x: 500, y: 500 }, others);
  assert.ok(place && Math.abs(place.x - (300 - 22 - 20)) < 1e-9 && Math.abs(place.y - 500) < 1e-9);
  assert.ok(Math.abs(place.end.x - (300 - 22)) < 1e-9);
});

test("a name beside its polygon keeps within the frame and clear of names, signs and lines", () => {
  const from = { x: 300, y: 500 };
  const centre = { x: 500, y: 500 };
  const near = /** @type {Box} */ ([270, 0, 1000, 1000]);
  const others = { taken: [], signs: [], lines: [] };
  const framed = placeBeside(from, size, near, centre, others);
  assert.ok(framed && framed.box[0] >= 270);
  const frame = /** @type {Box} */ ([0, 0, 1000, 1000]);
  const west = /** @type {Box} */ ([200, 450, 290, 550]);
  for (const blocked of [
    { ...others, taken: [west] },
    { ...others, signs: [west] },
  ]) {
    const place = placeBeside(from, size, frame, centre, blocked);
    assert.ok(place && !overlaps(place.box, west));
  }
  /** @type {[Point, Point]} */
  const line = [{ x: 250, y: 400 }, { x: 250, y: 600 }]; // prettier-ignore
  const beside = placeBeside(from, size, frame, centre, { ...others, lines: [line] });
  assert.ok(beside && shareWithin(line[0], line[1], beside.box) === 0);
  const full = { ...others, taken: [frame] };
  assert.equal(placeBeside(from, size, frame, centre, full), null);
});
