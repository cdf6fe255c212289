// The table of townships: sorts, finds its place on the map, copies, downloads.
"use strict";
{
  const { say, label, figure, whole, percent, make, lang } = window.kepu;
  let study = null;
  let order = { key: "township_code", down: false };
  let onLocate = () => {};
  let onSort = () => {};

  const columns = () => {
    const groups = study.district.coverage.filter((row) => !row.kind).map((row) => row.group);
    const bound = (row, text) => (row.is_lower_bound && text !== "—" ? `≥${text}` : text);
    return [
      { key: "name_zh", name: say("township"), value: (r) => r.name_zh, text: (r) => r.name_zh, raw: (r) => r.name_zh },
      { key: "kind", name: say("kind"), value: (r) => r.kind, text: (r) => label("township_kind", r.kind) },
      { key: "population", name: say("col_population"), number: true, value: (r) => r.population, text: (r) => whole(r.population) },
      { key: "counted_area_m2", name: say("col_counted"), number: true, value: (r) => r.counted_area_m2, text: (r) => bound(r, figure(r.counted_area_m2, 0)) },
      { key: "area_per_10k_m2", name: say("col_per_10k"), number: true, value: (r) => r.area_per_10k_m2, text: (r) => bound(r, figure(r.area_per_10k_m2, 1)) },
      { key: "area_gap_m2", name: say("col_gap"), number: true, value: (r) => r.area_gap_m2, text: (r) => (r.is_lower_bound && r.area_gap_m2 ? "≤" : "") + figure(r.area_gap_m2, 0) },
      { key: "facility_count", name: say("col_facilities"), number: true, value: (r) => r.facility_count, text: (r) => whole(r.facility_count) },
      { key: "unknown_area_count", name: say("col_unknown"), number: true, value: (r) => r.unknown_area_count, text: (r) => whole(r.unknown_area_count) },
      ...groups.map((group) => ({
        key: `coverage_${group}`,
        name: say("col_coverage", { group: label("group", group) }),
        number: true,
        value: (r) => r.coverage_rate[group],
        text: (r) => percent(r.coverage_rate[group]),
      })),
    ];
  };

  const sorted = () => {
    const column = columns().find((item) => item.key === order.key);
    const value = column ? column.value : (row) => row.township_code;
    const sign = order.down ? -1 : 1;
    return [...study.townships].sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      if (x == null || y == null) return (x == null) - (y == null);
      const compared = typeof x === "string" ? x.localeCompare(y, "zh-CN") : x - y;
      return compared * sign || a.township_code.localeCompare(b.township_code);
    });
  };

  const head = (column) => {
    const cell = make(column.number ? "th.number" : "th");
    cell.scope = "col";
    const active = order.key === column.key;
    cell.setAttribute("aria-sort", active ? (order.down ? "descending" : "ascending") : "none");
    const button = make("button", column.name, make("span.arrow", active ? (order.down ? "▼" : "▲") : "↕"));
    button.type = "button";
    button.dataset.key = column.key;
    button.addEventListener("click", () => {
      order = { key: column.key, down: active ? !order.down : Boolean(column.number) };
      onSort(`${order.down ? "-" : ""}${order.key}`);
      draw(study);
      document.querySelector(`#townships button[data-key="${column.key}"]`).focus();
    });
    cell.append(button);
    return cell;
  };

  const bodyRow = (row, list) => {
    const line = make("tr");
    line.dataset.code = row.township_code;
    for (const column of list) {
      if (column.key === "name_zh") {
        const button = make("button.link", row.name_zh);
        button.type = "button";
        button.addEventListener("click", () => onLocate(row.township_code));
        const cell = make("th", button);
        cell.scope = "row";
        line.append(cell);
      } else {
        line.append(make(column.number ? "td.number" : "td", column.text(row)));
      }
    }
    return line;
  };

  const total = () => {
    const d = study.district;
    const rates = Object.fromEntries(d.coverage.filter((r) => !r.kind).map((r) => [r.group, r.coverage_rate]));
    return { ...d, township_code: d.district_code, name_zh: say("district_total"), kind: "", coverage_rate: rates };
  };

  const totalRow = (list) => {
    const row = total();
    const line = make("tr");
    for (const column of list) {
      const text = column.key === "kind" ? "" : column.text(row);
      const cell = make(column.key === "name_zh" ? "th" : column.number ? "td.number" : "td", text);
      if (column.key === "name_zh") cell.scope = "row";
      line.append(cell);
    }
    return line;
  };

  const draw = (newStudy, sort) => {
    study = newStudy;
    if (sort) order = { key: sort.replace(/^-/, ""), down: sort.startsWith("-") };
    const list = columns();
    document.getElementById("townships").replaceChildren(
      make("caption", say("table_caption")),
      make("thead", make("tr", ...list.map(head))),
      make("tbody", ...sorted().map((row) => bodyRow(row, list))),
      make("tfoot", totalRow(list)),
    );
  };

  const plainRows = () => {
    const list = columns();
    const basis = `${study.on} ${label("caliber", study.caliber)} ${label("scope", study.scope)}`;
    const rests = [study.travel[lang], study.surface[lang], study.edge[lang]].join(lang === "zh" ? "；" : "; ");
    const head = ["code", ...list.map((column) => column.name), say("data_state"), say("on"), say("rests_on")];
    const marks = study.demonstration ? say("is_demonstration") : "";
    const quality = (row) => row.population_quality || study.denominator.quality;
    const rows = [...sorted(), total()].map((row) => [
      row.township_code,
      ...list.map((column) => (column.number ? column.value(row) : row.kind || column.key !== "kind" ? column.text(row) : "")),
      [row.is_lower_bound ? say("at_least") : "", label("quality", quality(row)), marks].filter(Boolean).join(" "),
      basis,
      rests,
    ]);
    return [head, ...rows].map((row) => row.map((value) => (value == null ? "" : String(value))));
  };

  // A cell that begins with one of these would be a formula in a spreadsheet.
  const asText = (value) => (/^[=+\-@\t\r\n]/.test(value) && Number.isNaN(Number(value)) ? `'${value}` : value);

  // Pasted text has no quotes: a tab or a line within a name would begin a cell of its own.
  const asCell = (value) => asText(value.replace(/[\t\r\n\u2028\u2029]+/g, " "));

  const csv = () =>
    "\ufeff" +
    plainRows()
      .map((row) => row.map((value) => `"${asText(value).replaceAll('"', '""')}"`).join(","))
      .join("\r\n") +
    "\r\n";

  const tell = (word) => {
    document.getElementById("table-state").textContent = say(word);
  };

  const setUp = (choices) => {
    onLocate = choices.onLocate;
    onSort = choices.onSort;
    document.getElementById("copy").addEventListener("click", async () => {
      const text = plainRows().map((row) => row.map(asCell).join("\t")).join("\n");
      try {
        await navigator.clipboard.writeText(text);
        tell("copied");
      } catch {
        tell("copy_failed");
      }
    });
    document.getElementById("download").addEventListener("click", () => {
      const link = make("a");
      link.href = URL.createObjectURL(new Blob([csv()], { type: "text/csv;charset=utf-8" }));
      link.download = `kepu-${study.district.district_code}-${study.on}-${study.caliber}.csv`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
  };

  const mark = (code) => {
    for (const line of document.querySelectorAll("#townships tbody tr")) {
      const found = line.dataset.code === code;
      line.classList.toggle("marked", found);
    }
  };

  window.kepu.table = { setUp, draw, mark, csv };
}
