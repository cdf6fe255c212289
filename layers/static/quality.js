// The state of the data: rows held back and rows to look at, each with where it stands.
"use strict";
{
  const { say, whole, make, lang, source } = window.kepu;
  const place = document.getElementById("quality");

  const where = (row) =>
    [row.source_file, row.source_sheet, row.source_row && say("source_row", { row: row.source_row })]
      .filter(Boolean)
      .join(" · ") || "—";

  const table = (heads, rows) => {
    const head = make("tr", ...heads.map((text) => {
      const cell = make("th", text);
      cell.scope = "col";
      return cell;
    }));
    return make(
      "div.table-scroll",
      make("table.rows", make("thead", head), make("tbody", ...rows.map((cells) => make("tr", ...cells.map((text) => make("td", text)))))),
    );
  };

  const section = (title, count, note, body, open) => {
    const found = make("details", make("summary", `${title} `, make("b", whole(count))), make("p.note", note), body);
    found.open = open;
    return found;
  };

  const heldBack = (data) =>
    section(
      say("held_back"),
      data.held_back_count,
      say(data.held_back_count ? "held_back_note" : "held_back_none"),
      data.held_back_count
        ? table(
            [say("source_place"), say("reason"), say("proposal")],
            data.held_back.map((row) => [
              where(row),
              row.reasons.map((reason) => [reason.column, reason[lang]].filter(Boolean).join(": ")).join("\n"),
              row.reasons.map((reason) => reason.proposal || "").join("\n"),
            ]),
          )
        : "",
      data.held_back_count > 0,
    );

  const doubtful = (data) =>
    section(
      say("doubtful"),
      data.doubtful_count,
      say("doubtful_note"),
      table(
        [say("what"), say("source_place")],
        data.doubtful.map((row) => [row[lang], where(row)]),
      ),
      false,
    );

  const draw = async (study) => {
    if (source.isFile) return;
    const data = await source.quality(study, lang);
    place.hidden = false;
    place.replaceChildren(make("h2", say("quality")), heldBack(data), doubtful(data));
  };

  window.kepu.quality = { draw };
}
