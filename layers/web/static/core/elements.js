// @ts-check
// Elements of the page. Every datum enters it here, as a text node and never as markup.

import { vocabulary } from "./settings.js";

/**
 * Return an element that the page's template has.
 *
 * @param {string} id
 */
export const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * Return a new element: make("td.number", "text", child, ...). Strings and numbers become text
 * nodes; null, undefined and false are left out.
 *
 * @template {string} S
 * @param {S} shape a tag and its classes, joined by dots
 * @param {...Child} children
 * @returns {ElementOf<S>}
 */
export const make = (shape, ...children) => {
  const [tag, ...classes] = shape.split(".");
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(" ");
  for (const child of children) {
    if (child == null || child === false) continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return /** @type {ElementOf<S>} */ (element);
};

/**
 * Return a new element of SVG.
 *
 * @param {string} tag
 * @param {Record<string, string | number>} attributes
 */
export const drawing = (tag, attributes) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
};

/**
 * Return the sign of a group of facilities.
 *
 * @param {string} group
 * @param {number} [size] in pixels
 */
export const symbol = (group, size = 20) => {
  const sign = vocabulary.symbols[group];
  const box = drawing("svg", { viewBox: "0 0 20 20", width: size, height: size, "aria-hidden": "true" });
  box.append(drawing("path", { d: sign.path, fill: sign.colour, stroke: "#ffffff", "stroke-width": "1.6" }));
  // Leaflet's types know elements of HTML alone, though it appends any node.
  return /** @type {HTMLElement} */ (/** @type {unknown} */ (box));
};

/**
 * Return a head cell of a table.
 *
 * @param {"row" | "col"} scope what it is the head of
 * @param {Child} content
 * @param {"th" | "th.number"} [shape]
 */
export const headCell = (scope, content, shape = "th") => {
  const cell = make(shape, content);
  cell.scope = scope;
  return cell;
};

/**
 * Return a table of names and values; rows without a value are left out.
 *
 * @param {[string, Child][]} pairs
 */
export const factTable = (pairs) => {
  const body = make("tbody");
  for (const [name, value] of pairs) {
    if (value == null || value === "") continue;
    body.append(make("tr", headCell("row", name), make("td", value)));
  }
  return make("table.facts", body);
};

/**
 * Return an option of a list.
 *
 * @param {string} value
 * @param {string} text
 * @param {boolean} [isSelected]
 */
export const option = (value, text, isSelected = false) => {
  const element = make("option", text);
  element.value = value;
  element.selected = isSelected;
  return element;
};

/**
 * Return a list to choose from.
 *
 * @param {string} name
 * @param {[string, string][]} pairs values and their texts
 * @param {string} chosen
 * @param {(value: string) => void} onChange
 */
export const chooser = (name, pairs, chosen, onChange) => {
  const list = make("select");
  list.name = name;
  for (const [value, text] of pairs) list.append(option(value, text, value === chosen));
  list.addEventListener("change", () => onChange(list.value));
  return list;
};

/**
 * Return a small button that keeps its click to itself.
 *
 * @param {string} text
 * @param {string | null} name for screen readers, where the text alone does not say enough
 * @param {() => void} action
 */
export const smallButton = (text, name, action) => {
  const button = make("button.small", text);
  button.type = "button";
  if (name) button.setAttribute("aria-label", name);
  button.addEventListener("click", (event) => {
    event.stopPropagation();
    action();
  });
  return button;
};

/**
 * Return a chart.
 *
 * @param {string} address
 * @param {string} words what it shows, for whoever cannot see it
 */
export const picture = (address, words) => {
  const image = make("img.chart");
  image.alt = words;
  image.width = 560;
  image.height = 380;
  image.src = address;
  return image;
};

/**
 * Hand a text to the browser as a file to keep.
 *
 * @param {string} name
 * @param {string} type
 * @param {string} text
 */
export const saveFile = (name, type, text) => {
  const link = make("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
};
