// @ts-check
// The state of the data: rows held back and rows to look at, each with where it stands.

import { byId, headCell, make } from "../core/elements.js";
import { lang } from "../core/settings.js";
import * as source from "../core/source.js";
import { NONE, translate, whole } from "../core/words.js";

/** @param {SourcePlace} row */
const placeText = (row) => {
  const line = row.source_row && translate("source_row", { row: row.source_row });
  return [row.source_file, row.source_sheet, line].filter(Boolean).join(" · ") || NONE;
};

/**
 * @param {string[]} heads
 * @param {string[][]} rows
 */
const table = (heads, rows) =>
  make(
    "div.table-scroll",
    make(
      "table.rows",
      make("thead", make("tr", ...heads.map((text) => headCell("col", text)))),
      make("tbody", ...rows.map((cells) => make("tr", ...cells.map((text) => make("td", text))))),
    ),
  );

/**
 * @param {string} title
 * @param {number} count
 * @param {string} note
 * @param {Child} body
 * @param {boolean} isOpen
 */
const section = (title, count, note, body, isOpen) => {
  const details = make(
    "details",
    make("summary", `${title} `, make("b", whole(count))),
    make("p.note", note),
    body,
  );
  details.open = isOpen;
  return details;
};

/** @param {Quality} data */
const heldBack = (data) => {
  const count = data.held_back_count;
  const rows = data.held_back.map((row) => [
    placeText(row),
    row.reasons.map((reason) => [reason.column, reason[lang]].filter(Boolean).join(": ")).join("\n"),
    row.reasons.map((reason) => reason.proposal || "").join("\n"),
  ]);
  const heads = [translate("source_place"), translate("reason"), translate("proposal")];
  const note = translate(count ? "held_back_note" : "held_back_none");
  return section(translate("held_back"), count, note, count ? table(heads, rows) : "", count > 0);
};

/** @param {Quality} data */
const doubtful = (data) => {
  const rows = data.doubtful.map((row) => [row[lang], placeText(row)]);
  const body = table([translate("what"), translate("source_place")], rows);
  return section(translate("doubtful"), data.doubtful_count, translate("doubtful_note"), body, false);
};

/**
 * Draw the state of the data; a file does not hold it.
 *
 * @param {Study} study
 */
export const draw = async (study) => {
  if (source.isFile) return;
  const data = await source.quality(study, lang);
  const place = byId("quality");
  place.hidden = false;
  place.replaceChildren(make("h2", translate("quality")), heldBack(data), doubtful(data));
};
