import assert from "node:assert/strict";
import { test } from "node:test";

import { parseView, viewQuery } from "../../layers/web/static/core/view.js";

test("an address without parameters is the default view", () => {
  const view = parseView("");
  assert.equal(view.gap, "any-service_centre");
  for (const [name, value] of Object.entries(view)) if (name !== "gap") assert.equal(value, "", name);
});

test("a group brings its own gap, unless the address names one", () => {
  assert.equal(parseView("?group=hall").gap, "any-hall");
  assert.equal(parseView("?group=hall&gap=library").gap, "library");
});

test("no gap is stated in the address, since it is no default", () => {
  assert.equal(parseView("?gap=none").gap, "");
  const view = parseView("?gap=none&on=2024-12-31");
  assert.equal(viewQuery(view, "zh"), "?on=2024-12-31&gap=none");
});

test("a view that goes through the address comes back the same", () => {
  const search = [
    "?on=2025-12-31&caliber=C&scope=all&denominator=x&group=hall",
    "&gap=library&sort=-population&measure=coverage&audience=youth",
  ].join("");
  assert.equal(viewQuery(parseView(search), "zh"), search);
  assert.equal(viewQuery(parseView(search), "en"), `${search}&lang=en`);
});

test("what a view holds is escaped, and parameters of others are dropped", () => {
  const view = parseView("?sort=%3Cimg%20src=x%3E&evil=1");
  assert.equal(view.sort, "<img src=x>");
  assert.equal(viewQuery(view, "zh"), "?gap=any-service_centre&sort=%3Cimg+src%3Dx%3E");
});
