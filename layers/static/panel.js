// The figures beside the map, its title block and legend, and the notes below.
"use strict";
{
  const { say, label, figure, whole, percent, bracket, make, symbol, vocabulary, lang, targetName, source } =
    window.kepu;

  const AUDIENCES = ["youth", "seniors", "farmers"];
  const MOST_GAPS = 10;
  let onAudience = () => {};
  let onMeasure = () => {};

  const fill = (id, ...children) => document.getElementById(id).replaceChildren(...children);
  const bounded = (study, text) =>
    study.district.is_lower_bound ? `${say("at_least")} ${text}` : text;

  const bar = (share, mark) => {
    const drawn = make("span.bar");
    const part = make("span.bar-part");
    part.style.width = `${Math.min(100, Math.max(0, share * 100))}%`;
    drawn.append(part);
    if (mark != null) {
      const line = make("span.bar-mark");
      line.style.left = `${mark * 100}%`;
      drawn.append(line);
    }
    return drawn;
  };

  const basis = (study) =>
    [
      study.on,
      label("caliber", study.caliber),
      label("scope", study.scope),
      `${study.denominator[lang]}${bracket(label("quality", study.denominator.quality))}`,
    ].join(" · ");

  const headline = (study) => {
    const d = study.district;
    const target = d.target_area_per_10k_m2;
    const met = d.area_per_10k_m2 != null && d.area_per_10k_m2 >= target;
    const shown = Math.max(target * 1.25, d.area_per_10k_m2 || 0);
    return make(
      "div.card.headline",
      make("h2", say("headline")),
      make(
        "p.big",
        d.is_lower_bound && make("small", say("at_least")),
        make("b", figure(d.area_per_10k_m2, 1)),
        make("span", "m²"),
        make("em", say("target", { target: figure(target, 0) })),
      ),
      bar((d.area_per_10k_m2 || 0) / shown, target / shown),
      make(
        "dl.pair",
        make("div", make("dt", say("missing")), make("dd", d.is_lower_bound && d.area_gap_m2 && `${say("at_most")} `, `${figure(d.area_gap_m2, 0)} m²`)),
        make("div", make("dt", say("counted")), make("dd", bounded(study, `${figure(d.counted_area_m2, 0)} m²`))),
        make("div", make("dt", say("population")), make("dd", whole(d.population))),
        make("div", make("dt", say("share_reached")), make("dd", d.area_per_10k_m2 == null ? "—" : percent(d.area_per_10k_m2 / target))),
      ),
      d.is_lower_bound && make("p.note", say("lower_bound_note", { count: d.unknown_area_count })),
      make("p.note", basis(study)),
    );
  };

  const standardText = (row) =>
    row.standards
      .map((s) => {
        const mode = label("mode", s.mode);
        const metres = whole(s.straight_line_m);
        const reach = s.minutes ? say("minutes", { mode, minutes: s.minutes, metres }) : `${mode} ${metres} m`;
        return `${label("settlement", s.settlement)}: ${reach}`;
      })
      .join(lang === "zh" ? "；" : "; ");

  const coverage = (study, view) => {
    const list = make("ul.bars");
    for (const row of study.district.coverage) {
      if (row.kind || (view.group && row.group !== view.group)) continue;
      list.append(
        make(
          "li",
          make("span.name", symbol(row.group, 15), label("group", row.group)),
          make("b", percent(row.coverage_rate)),
          bar(row.coverage_rate || 0, null),
          make("small", [say("not_reached", { count: whole(row.gap_population) }), row.even_coverage_rate == null ? "" : say("moved", { rate: percent(row.even_coverage_rate) }), standardText(row)].filter(Boolean).join(" · ")),
        ),
      );
    }
    return make("div.card", make("h2", say("coverage")), list, make("p.note", say("coverage_note", { surface: study.surface[lang], travel: study.travel[lang] })), make("p.note", study.edge[lang]));
  };

  const facilities = (study) => {
    const d = study.district;
    const list = make("ul.counts");
    for (const [group, count] of Object.entries(d.facility_count_by_group)) {
      list.append(make("li", symbol(group, 16), make("span", label("group", group)), make("b", whole(count))));
    }
    return make(
      "div.card",
      make("h2", say("facilities"), make("b.sum", whole(d.facility_count))),
      list,
      make("p.note", say("facilities_note")),
    );
  };

  const dataState = (study) => {
    const d = study.district;
    const pairs = [
      ["unknown_areas", d.unknown_area_count],
      d.pending_count !== null && ["pending", d.pending_count],
      ["outside", d.outside_count],
      ["unplaced", d.unplaced_count],
      ["disagreements", d.disagreement_count],
    ];
    const list = make("dl.state");
    for (const [word, count] of pairs.filter(Boolean)) {
      list.append(make("div", make("dt", say(word)), make("dd", whole(count))));
    }
    return make("div.card", make("h2", say("data_state")), list);
  };

  const gapList = (study, view) => {
    if (!view.gap) return null;
    const count = (row) => (view.audience ? row.audiences[view.audience] : row.population);
    const rows = study.gaps
      .filter((row) => row.target_id === view.gap && count(row) > 0)
      .sort((a, b) => count(b) - count(a))
      .slice(0, MOST_GAPS);
    const found = study.district.coverage.find((row) => gapId(row) === view.gap);
    if (!found) return null;
    const list = make("ol.gaps");
    for (const row of rows) {
      const values = {
        township: row.township_name,
        count: whole(count(row)),
        share: view.audience ? label("audience", view.audience) : percent(row.population_share),
        nearest: row.nearest_facility_name,
        distance: row.nearest_distance_m == null ? "" : figure(row.nearest_distance_m / 1000, 1),
        minutes: row.nearest_travel_minutes == null ? "" : figure(row.nearest_travel_minutes, 0),
      };
      list.append(make("li", say(row.nearest_facility_id ? "gap_row" : "gap_row_none", values)));
    }
    const left = Object.fromEntries(
      found.audiences.map((row) => [
        row.audience,
        row.population == null ? "—" : whole(row.population - row.covered_population),
      ]),
    );
    const estimate = study.surface.by_district_share.length ? say("by_district_share") : "";
    return make(
      "div.card",
      make("h2", `${say("gaps_title")} · ${targetName(found.group, found.kind)}`),
      audiences(view),
      rows.length ? list : make("p", say("no_gaps")),
      rows.length > 0 && make("p.note", say("gap_audiences", { ...left, estimate })),
    );
  };

  const chooser = (name, pairs, chosen, onChange) => {
    const choices = make("select");
    choices.name = name;
    for (const [value, text] of pairs) {
      const option = make("option", text);
      option.value = value;
      option.selected = value === chosen;
      choices.append(option);
    }
    choices.addEventListener("change", () => onChange(choices.value));
    return choices;
  };

  // Whom the gaps are counted for; the list is ranked by them.
  const audiences = (view) => {
    const pairs = [["", say("everybody")], ...AUDIENCES.map((name) => [name, label("audience", name)])];
    return make("label.inline", `${say("audience")} `, chooser("audience", pairs, view.audience, (name) => onAudience(name)));
  };

  const gapId = (row) => row.kind || `any-${row.group}`;

  const titleOf = (study, view) =>
    say("title", { district: study.district.name_zh, measure: window.kepu.measure.measureOf(study, view).name });

  const titleBlock = (study, view) => {
    const approval = study.map.approval_number;
    fill(
      "title-block",
      make("strong", titleOf(study, view)),
      make("span", basis(study)),
      make(
        "span.marks",
        study.map.schematic && make("b.mark", say("schematic")),
        make("b.mark", approval ? say("approval", { number: approval }) : say("no_approval")),
        study.demonstration && make("b.mark.demo", say("is_demonstration")),
      ),
    );
  };

  const legend = (study, view) => {
    const measure = window.kepu.measure.measureOf(study, view);
    const counts = new Map(measure.classes.map((item) => [item, 0]));
    let none = 0;
    for (const row of study.townships) {
      const found = window.kepu.measure.classOf(measure, row);
      if (found == null) none += 1;
      else counts.set(found, counts.get(found) + 1);
    }
    const list = make("ul");
    const counted = (count) => (measure.atPoints ? null : make("small", say("legend_count", { count })));
    for (const item of [...measure.classes].reverse()) {
      const swatch = make("span.swatch");
      swatch.style.backgroundColor = item.colour;
      if (item.met) swatch.classList.add("met");
      list.append(make("li", swatch, make("span", measure.range(item)), counted(counts.get(item))));
      if (item.turns) list.append(make("li.divide", make("span", measure.target)));
    }
    if (none) list.append(make("li", make("span.swatch.none"), make("span", say("no_data")), counted(none)));
    const gap = study.district.coverage.find((row) => gapId(row) === view.gap);
    if (gap) list.append(make("li", make("span.swatch.hatch"), make("span", [say("legend_gap", { target: targetName(gap.group, gap.kind) }), view.audience && label("audience", view.audience)].filter(Boolean).join(" · "))));
    const groups = make("ul.signs");
    for (const group of Object.keys(vocabulary.symbols)) {
      if (view.group && view.group !== group) continue;
      groups.append(make("li", symbol(group, 14), label("group", group)));
    }
    const names = window.kepu.measure.names();
    const choice = make("label.measure", `${say("measure")} `, chooser("measure", names, view.measure, (name) => onMeasure(name)));
    fill("legend", choice, make("h2", measure.title), list, groups, window.kepu.sitesMap.legend);
  };

  const notes = (study) => {
    const found = make("ul");
    for (const row of study.findings) found.append(make("li", row[lang]));
    const sources = make("ul.sources");
    for (const row of study.sources) {
      const title = lang === "zh" ? row.title_zh : row.title_en;
      const facts = [row.publisher, row.published_on, row.licence, label("quality", row.quality), row.original_datum];
      sources.append(make("li", make("b", title), " — ", facts.filter(Boolean).join(" · ")));
    }
    const about = make("ul");
    const lines = [
      study.map.schematic && say("schematic_note"),
      study.demonstration && say("demonstration"),
      study.townships.some((row) => row.population_quality === "estimate") && say("estimate_note"),
      say("coverage_note", { surface: study.surface[lang], travel: study.travel[lang] }),
      study.edge[lang],
      study.denominator.basis && `${study.denominator[lang]}: ${study.denominator.basis}`,
      `${say("digest")} ${study.scenario.name} ${study.scenario.digest}`,
      `${say("profile")} ${study.profile[`profile_${lang}`]}`,
      ...study.profile.rules.map((rule) => rule[lang]),
      source.generatedOn && say("generated", { date: source.generatedOn }),
    ];
    for (const line of lines) if (line) about.append(make("li", line));
    if (!source.isFile) {
      const service = make("a", say("service"));
      service.href = lang === "en" ? "/service?lang=en" : "/service";
      about.append(make("li", service));
    }
    fill(
      "notes",
      make("div", make("h2", `${say("findings")} (${study.findings.length})`), study.findings.length ? found : make("p", say("no_findings"))),
      make("div", make("h2", say("sources")), sources),
      make("div", make("h2", say("about")), about),
    );
  };

  const draw = (data, view) => {
    const { study } = data;
    fill(
      "district-figures",
      ...[headline(study), coverage(study, view), gapList(study, view), facilities(study), dataState(study)].filter(Boolean),
    );
    titleBlock(study, view);
    legend(study, view);
    notes(study);
    // On every sheet of paper, since sheets are passed on one by one.
    document.getElementById("print-mark").textContent = [
      study.demonstration && say("demonstration"),
      study.map.approval_number ? say("approval", { number: study.map.approval_number }) : say("no_approval"),
      study.map.schematic && say("schematic_note"),
    ]
      .filter(Boolean)
      .join(" · ");
    document.getElementById("demonstration").hidden = !study.demonstration;
    document.getElementById("page-subtitle").textContent = `${study.district.name_zh} ${study.district.district_code} · ${study.on}`;
    document.title = `${titleOf(study, view)} · ${study.on}`;
  };

  const setUp = (choices) => {
    onAudience = choices.onAudience;
    onMeasure = choices.onMeasure;
  };

  window.kepu.panel = { setUp, draw, gapId };
}
