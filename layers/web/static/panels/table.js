// @ts-check
// The table of townships: sorts, finds its place on the map, copies, downloads.

import { byId, headCell, make, saveFile } from "../core/elements.js";
import { translate } from "../core/words.js";
import {
  columnsOf,
  csvText,
  orderText,
  parseOrder,
  pasteText,
  plainRows,
  sortedRows,
  totalRow,
} from "./township_rows.js";

/** @type {Study} */
let study;
/** @type {Order} */
let order = { key: "township_code", isDown: false };
/** @type {(code: string) => void} */
let onLocate = () => {};
/** @type {(sort: string) => void} */
let onSort = () => {};

/** @param {Column} column */
const columnHead = (column) => {
  const { key, name, isNumber } = column;
  const isActive = order.key === key;
  const arrow = order.isDown ? "▼" : "▲";
  const button = make("button", name, make("span.arrow", isActive ? arrow : "↕"));
  button.type = "button";
  button.dataset.key = key;
  button.addEventListener("click", () => {
    // Numbers are first sorted with the most on top.
    order = { key, isDown: isActive ? !order.isDown : isNumber };
    onSort(orderText(order));
    draw(study, "");
    /** @type {HTMLElement} */ (document.querySelector(`#townships button[data-key="${key}"]`)).focus();
  });
  const cell = headCell("col", null, isNumber ? "th.number" : "th");
  const direction = order.isDown ? "descending" : "ascending";
  cell.setAttribute("aria-sort", isActive ? direction : "none");
  cell.append(button);
  return cell;
};

/**
 * @param {Column} column
 * @param {Child} content
 */
const bodyCell = (column, content) => {
  if (column.key === "name_zh") return headCell("row", content);
  return make(column.isNumber ? "td.number" : "td", content);
};

/**
 * @param {TownshipRow} row
 * @param {Column[]} columns
 */
const bodyRow = (row, columns) => {
  const button = make("button.link", row.name_zh);
  button.type = "button";
  button.addEventListener("click", () => onLocate(row.township_code));
  const content = (/** @type {Column} */ column) => (column.key === "name_zh" ? button : column.text(row));
  const line = make("tr", ...columns.map((column) => bodyCell(column, content(column))));
  line.dataset.code = row.township_code;
  return line;
};

/** @param {Column[]} columns */
const footRow = (columns) => {
  const row = totalRow(study);
  const content = (/** @type {Column} */ column) => (column.key === "kind" ? "" : column.text(row));
  return make("tr", ...columns.map((column) => bodyCell(column, content(column))));
};

/**
 * Draw the table.
 *
 * @param {Study} shown
 * @param {string} sort as the address names it; "" keeps the order
 */
export const draw = (shown, sort) => {
  study = shown;
  if (sort) order = parseOrder(sort);
  const columns = columnsOf(study);
  byId("townships").replaceChildren(
    make("caption", translate("table_caption")),
    make("thead", make("tr", ...columns.map(columnHead))),
    make("tbody", ...sortedRows(study, order).map((row) => bodyRow(row, columns))),
    make("tfoot", footRow(columns)),
  );
};

/**
 * Mark the row of a township.
 *
 * @param {string} code
 */
export const mark = (code) => {
  for (const line of document.querySelectorAll("#townships tbody tr")) {
    line.classList.toggle("marked", /** @type {HTMLElement} */ (line).dataset.code === code);
  }
};

const copy = async () => {
  const status = byId("table-state");
  try {
    await navigator.clipboard.writeText(pasteText(plainRows(study, order)));
    status.textContent = translate("copied");
  } catch {
    status.textContent = translate("copy_failed");
  }
};

const download = () => {
  const name = `kepu-${study.district.district_code}-${study.on}-${study.caliber}.csv`;
  saveFile(name, "text/csv;charset=utf-8", csvText(plainRows(study, order)));
};

/**
 * @param {object} choices
 * @param {(code: string) => void} choices.onLocate when a township is to be shown on the map
 * @param {(sort: string) => void} choices.onSort when the order has changed
 */
export const setUp = (choices) => {
  ({ onLocate, onSort } = choices);
  byId("copy").addEventListener("click", copy);
  byId("download").addEventListener("click", download);
};
