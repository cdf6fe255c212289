// The score card of the township that was chosen.
"use strict";
{
  const { say, label, figure, whole, percent, make, symbol, targetName, bracket, lang, source, TYPING_MS } = window.kepu;
  const MOST_GAPS = 4;
  let current = null;
  let since = "";
  let further = {};
  let asked = 0;
  let typing = 0;

  const change = (now, before, text) => {
    if (now == null || before == null) return "—";
    const sign = now > before ? "+" : now < before ? "−" : "±";
    return `${sign}${text(Math.abs(now - before))}`;
  };

  const measures = (row, before) => {
    const area = (value) => figure(value, 1);
    const bound = (flag) => (flag ? "≥" : "");
    const found = [
      [say("measure_area_per_10k_m2"), bound(row.is_lower_bound) + area(row.area_per_10k_m2), "area_per_10k_m2", area, row.area_per_10k_m2],
      [say("measure_accessible_area_per_10k_m2"), bound(row.accessible_is_lower_bound) + area(row.accessible_area_per_10k_m2), "accessible_area_per_10k_m2", area, row.accessible_area_per_10k_m2],
    ].map(([name, text, key, format, value]) => [name, text, row.ranks[key], change(value, before && before[key], format)]);
    for (const [group, rate] of Object.entries(row.coverage_rate)) {
      const earlier = before && before.coverage_rate[group];
      const name = make("span.name", symbol(group, 13), say("col_coverage", { group: label("group", group) }));
      found.push([name, percent(rate), row.ranks[group], change(rate, earlier, (value) => figure(value * 100, 1))]);
    }
    return found;
  };

  const body = (row, study, trend) => {
    const earlier = trend && trend.townships[row.township_code];
    const before = earlier && (earlier.find((item) => item.on === since) || earlier[0]);
    const ranked = study.townships.length;
    const head = make("tr", make("th", ""), make("th.number", say("value")), make("th.number", say("rank_head")), make("th.number.since", before ? say("since", { date: before.on }) : ""));
    const lines = measures(row, before).map(([name, text, rank, moved]) => {
      const cell = make("th", name);
      cell.scope = "row";
      return make("tr", cell, make("td.number", text), make("td.number", rank == null ? "—" : `${rank}/${ranked}`), make("td.number", moved));
    });
    return make("table.figures-table", make("thead", head), make("tbody", ...lines));
  };

  // A date that the plan does not end a year with is asked for; the last one asked stands.
  const withSince = async (study, trend) => {
    if (!since || trend.dates.includes(since)) return trend;
    if (further.study !== study || further.since !== since) {
      further = { study, since, trend: source.trend(study, lang, since) };
    }
    return further.trend;
  };

  const fill = async (row, study, trend, place) => {
    const turn = ++asked;
    if (trend && since && !trend.dates.includes(since)) place.replaceChildren(body(row, study, null), make("p.note", say("loading")));
    try {
      const found = trend && (await withSince(study, trend));
      if (turn === asked) place.replaceChildren(body(row, study, found));
    } catch (error) {
      further = {};
      if (turn === asked) place.replaceChildren(body(row, study, null), make("p.note", `${say("failed")}: ${error.message}`));
    }
  };

  const option = (day) => {
    const found = make("option", day);
    found.value = day;
    found.selected = day === since;
    return found;
  };

  const yearEnds = (trend) => {
    const choices = make("select", ...trend.dates.map(option));
    choices.name = "since";
    return [choices];
  };

  const anyDate = (trend) => {
    const given = make("input");
    const ends = make("datalist", ...trend.dates.map(option));
    ends.id = "year-ends";
    Object.assign(given, { type: "date", name: "since", min: "2000-01-01", max: "2100-12-31", required: true });
    given.setAttribute("list", ends.id);
    given.value = since || trend.dates[0];
    return [given, ends];
  };

  const refuse = (field, told) => {
    told.textContent = say("since_refused", { first: field.min, last: field.max });
  };

  // Only the figures are drawn anew, so that a date can be typed to its end.
  const dates = (trend, redraw) => {
    const told = make("p.note");
    told.setAttribute("role", "status");
    const [field, ...more] = source.isFile ? yearEnds(trend) : anyDate(trend);
    field.addEventListener("change", () => {
      clearTimeout(typing);
      if (!field.validity.valid) {
        typing = setTimeout(() => refuse(field, told), TYPING_MS);
        return;
      }
      told.textContent = "";
      if (field.value === since) return;
      since = field.value;
      // A month that is typed passes by 1 on its way to 12.
      typing = setTimeout(redraw, source.isFile ? 0 : TYPING_MS);
    });
    return make("div", make("label.inline", `${say("change_since")} `, field, ...more), told);
  };

  // How far coverage moves with where people are thought to live is how sure it is.
  const ifEven = (row) => {
    const rates = Object.entries(row.even_coverage_rate).map(([group, rate]) => `${label("group", group)} ${percent(rate)}`);
    return rates.length > 0 && make("p.note", say("moved_card", { rates: rates.join(lang === "zh" ? "、" : ", ") }));
  };

  const gaps = (row, study) => {
    const found = study.gaps
      .filter((gap) => gap.township_code === row.township_code && gap.kind && gap.population > 0)
      .slice(0, MOST_GAPS);
    if (!found.length) return null;
    return make("div", make("h3", say("card_gaps")), make("ul.plain", ...found.map((gap) => make("li", `${targetName(gap.group, gap.kind)}: ${say("not_reached", { count: whole(gap.population) })}`))));
  };

  const kinds = (row) => {
    const found = Object.entries(row.coverage_rate_by_kind).sort((a, b) => (a[1] ?? 2) - (b[1] ?? 2));
    if (!found.length) return "";
    const audiences = row.coverage_rate_by_audience;
    const names = ["youth", "seniors", "farmers"].filter((name) => name in audiences);
    const heads = [say("everybody"), ...names.map((name) => label("audience", name))];
    const lines = found.map(([kind, rate]) => {
      const cell = make("th", label("kind", kind));
      cell.scope = "row";
      const rates = [rate, ...names.map((name) => audiences[name][kind])];
      return make("tr", cell, ...rates.map((value) => make("td.number", percent(value))));
    });
    const head = make("tr", make("th", ""), ...heads.map((text) => make("th.number", text)));
    return make("details", make("summary", say("card_kinds")), make("table.figures-table", make("thead", head), make("tbody", ...lines)));
  };

  const draw = (study, trend) => {
    const place = document.getElementById("score-card");
    const row = study.townships.find((item) => item.township_code === current);
    if (!row) {
      place.replaceChildren(make("p.note", say("card_hint")));
      return;
    }
    const figures = make("div");
    const redraw = () => fill(row, study, trend, figures);
    const schools = { reached: row.schools_reached_count, count: row.school_count, with: row.village_count - row.villages_without_count, villages: row.village_count };
    place.replaceChildren(
      make("h2", say("card_title", { township: row.name_zh })),
      figures,
      trend ? dates(trend, redraw) : "",
      make("p.note", `${say("change_note")}${source.isFile ? bracket(say("change_file")) : ""}`),
      ifEven(row) || "",
      kinds(row),
      make("p", say("card_schools", schools)),
      gaps(row, study) || "",
      make("p.note", say(row.pending_count === null ? "card_data_public" : "card_data", { pending: row.pending_count, unknown: row.unknown_area_count, disagree: row.disagreement_count })),
      make("p.note", say("card_note")),
      make("p.note", say("coverage_note", { surface: study.surface[lang], travel: study.travel[lang] })),
    );
    redraw();
  };

  const choose = (code) => {
    current = code;
  };

  window.kepu.card = { draw, choose };
}
