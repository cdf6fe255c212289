// Below the table: accessible area, equity, the plan's years, schools and villages.
"use strict";
{
  const { say, figure, whole, percent, make, lang, label, source } = window.kepu;
  const place = document.getElementById("analysis");
  const GROUPS = Object.keys(window.kepu.vocabulary.symbols);

  const heads = (names) =>
    make("thead", make("tr", ...names.map((text, index) => {
      const cell = make(index ? "th.number" : "th", text);
      cell.scope = "col";
      return cell;
    })));

  const line = (cells) =>
    make("tr", ...cells.map((text, index) => {
      if (index) return make("td.number", text);
      const cell = make("th", text);
      cell.scope = "row";
      return cell;
    }));

  const table = (names, rows) => {
    const scrolled = make("div.table-scroll", make("table.figures-table", heads(names), make("tbody", ...rows.map(line))));
    scrolled.tabIndex = 0;
    return scrolled;
  };

  const picture = (address, words) => {
    const image = make("img.chart");
    image.alt = words;
    image.width = 560;
    image.height = 380;
    image.src = address;
    return image;
  };

  const share = (value) => (value == null ? "—" : figure(value, 3));
  const area = (value, bound) => `${bound ? "≥" : ""}${figure(value, 1)}`;

  const access = (study) => {
    const found = study.accessibility;
    const bound = found.is_lower_bound ? `${say("at_least")} ` : "";
    return make(
      "div.card",
      make("h2", say("access_title")),
      make("p.big", bound && make("small", bound), make("b", figure(found.accessible_area_per_10k_m2, 1)), make("span", "m²")),
      make("p.note", say("access_note", { method: found[lang], travel: study.travel[lang], edge: study.edge[lang] })),
      make(
        "dl.state",
        make("div", make("dt", say("access_unreached")), make("dd", `${figure(found.unreached_supply_m2, 0)} m²`)),
        make("div", make("dt", say("access_unknown")), make("dd", whole(found.unknown_supply_count))),
      ),
    );
  };

  const equity = (study, charts) => {
    const [towns, points] = study.inequality;
    const names = ["", "Gini", say("theil"), say("theil_between"), say("theil_within")];
    const rows = study.inequality.map((row) => [
      say(`measure_${row.measure}`),
      share(row.gini),
      share(row.theil),
      share(row.theil_between),
      share(row.theil_within),
    ]);
    return make(
      "div.card",
      make("h2", say("equity_title")),
      picture(charts.lorenz, `${say("lorenz_alt")}: ${rows.map((row) => `${row[0]} Gini ${row[1]}`).join("; ")}`),
      table(names, rows),
      make("p.note", say("equity_note", { towns: whole(towns.unit_count), points: whole(points.unit_count) })),
      study.district.is_lower_bound && make("p.note", say("equity_unknown")),
    );
  };

  const trend = (study, found, charts) => {
    const groups = GROUPS.filter((group) => group in found.district[0].coverage_rate);
    const names = [
      say("date"), say("legend"), say("legend_accessible"), "Gini", say("theil"), say("accessible_gini"), say("accessible_theil"),
      ...groups.map((group) => say("col_coverage", { group: label("group", group) })),
    ];
    const rows = found.district.map((row) => [
      row.on,
      area(row.area_per_10k_m2, row.is_lower_bound),
      area(row.accessible_area_per_10k_m2, row.accessible_is_lower_bound),
      share(row.gini),
      share(row.theil),
      share(row.accessible_gini),
      share(row.accessible_theil),
      ...groups.map((group) => percent(row.coverage_rate[group])),
    ]);
    return make(
      "div.card.wide",
      make("h2", say("trend_title")),
      make("div.charts", picture(charts.area_trend, say("trend_area_alt")), picture(charts.coverage_trend, say("trend_coverage_alt"))),
      table(names, rows),
      make("p.note", say("trend_note")),
    );
  };

  const schools = (study) => {
    const found = study.schools;
    const left = found.school_count - found.reached_count - found.unknown_count;
    const values = { count: found.school_count, reached: found.reached_count, left };
    const sentence = say("schools_head", values) + (found.unknown_count ? say("schools_unknown", { count: found.unknown_count }) : "");
    const told = (row) => (row.reached == null ? say("unknown") : say(row.reached ? "yes" : "no"));
    const list = table(
      [say("school"), say("township"), say("nearest"), say("minutes_short"), say("reached")],
      found.rows.map((row) => [row.name, row.township_name || "—", row.nearest_facility_name || "—", figure(row.travel_minutes, 0), told(row)]),
    );
    const body = make("details", make("summary", sentence), list);
    body.open = left > 0;
    return make("div.card", make("h2", say("schools_title")), found.school_count ? body : make("p", say("schools_none")));
  };

  const villages = (study) => {
    const found = study.villages;
    const without = found.village_count - found.with_count;
    const sentence = say("villages_head", { count: found.village_count, with: found.with_count, without });
    const parts = [make("p", found.village_count ? sentence : say("villages_none"))];
    if (without) parts.push(table([say("village"), say("township")], found.without.map((row) => [row.name_zh, row.township_name || "—"])));
    if (without && found.unassigned_count) parts.push(make("p.note", say("villages_unassigned", { count: found.unassigned_count })));
    return make("div.card", make("h2", say("villages_title")), ...parts);
  };

  const draw = async (study) => {
    const [found, charts] = await Promise.all([source.trend(study, lang), source.charts(study, lang)]);
    place.replaceChildren(
      make("div.stack", access(study), schools(study), villages(study)),
      equity(study, charts),
      trend(study, found, charts),
    );
    // A picture that cannot be drawn leaves its words.
    await Promise.allSettled([...place.querySelectorAll("img")].map((image) => image.decode()));
    return found;
  };

  window.kepu.analysis = { draw, picture };
}
