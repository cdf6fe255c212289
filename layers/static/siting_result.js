// What a siting plan says: value, whom it reaches, its sites, other plans, how it holds.
"use strict";
{
  const { say, figure, whole, percent, make, lang, analysis, sitesMap } = window.kepu;
  const TRAVEL = new Set(["least_travel", "shortest_worst"]);
  const HALF = 0.5;

  // columns: [text, is it a figure]; the first cell of a row is its head.
  const table = (caption, columns, rows) => {
    const head = make("tr", ...columns.map(([text, isFigure]) => {
      const cell = make(isFigure ? "th.number" : "th", text);
      cell.scope = "col";
      return cell;
    }));
    const body = rows.map((cells) =>
      make("tr", ...cells.map((content, index) => {
        const cell = make(index ? "td" : "th", content);
        if (columns[index][1]) cell.classList.add("number");
        if (!index) cell.scope = "row";
        return cell;
      })),
    );
    const found = make("table.figures-table", caption && make("caption", caption), make("thead", head), make("tbody", ...body));
    const scrolled = make("div.table-scroll", found);
    scrolled.tabIndex = 0;
    scrolled.setAttribute("role", "group");
    scrolled.setAttribute("aria-label", caption || columns.map(([text]) => text).filter(Boolean).join(" "));
    return scrolled;
  };

  const unit = (choice) => {
    if (choice.question === "shortest_worst" || choice.question === "least_travel") return choice[`unit_${lang}`];
    return choice.programmes.every((row) => row.audience === "schools") ? say("siting_schools") : say("people");
  };

  const amount = (value, choice) =>
    value == null ? "—" : `${figure(Math.abs(value), choice.question === "shortest_worst" ? 1 : 0)} ${unit(choice)}`;

  // In the question's unit; travel is kept negative, so that more is better in each.
  const valueText = (found) => {
    const { question } = found.choice;
    const word = TRAVEL.has(question) || question === "backup" ? `value_${question}` : "value_covered";
    const text = say(word, { value: amount(found.value, found.choice) });
    const worth = found.suitability_worth;
    return worth ? `${text}${window.kepu.bracket(say("value_suitability", { worth: whole(worth) }))}` : text;
  };

  const compared = (found, base) => {
    if (!base || base.value == null || found.value == null) return say("siting_no_base");
    const more = Math.abs(found.value) - Math.abs(base.value);
    if (Math.abs(more) < (found.choice.question === "shortest_worst" ? 0.05 : HALF)) return say("siting_even");
    const change = `${more > 0 ? "+" : "−"}${amount(more, found.choice)}`;
    return say(found.value > base.value ? "siting_better" : "siting_worse", { change });
  };

  const proof = (proposal, wasCalledOff) => {
    const count = whole(proposal.proof.candidate_count);
    return make(
      "div.card.wide.siting-proof",
      make("h2", say("siting_proof"), proposal.demonstration && make("b.mark.demo", say("is_demonstration"))),
      make("p", make("strong", proposal.proof[lang])),
      wasCalledOff && make("p", say("siting_called_off")),
      make("p.note", `${say("siting_pool", { count, seconds: figure(proposal.proof.seconds, 1) })}${lang === "zh" ? "；" : "; "}${proposal.travel[lang]}${lang === "zh" ? "；" : "; "}${proposal.surface[lang]}`),
    );
  };

  const of = (count, total) => `${whole(count)}${window.kepu.bracket(total ? percent(count / total) : "—")}`;

  const reachedRow = (name, row) => {
    if (row.population == null) return [name, "—", "—", "—", "—"];
    const total = row.population;
    return [name, whole(total), of(row.covered_before, total), of(row.covered_after, total), `+${whole(row.covered_after - row.covered_before)}`];
  };

  // Whom the programme is for comes first; then every audience, wherever they live.
  const reached = (programme) => {
    const own = make("b", say("siting_target", { audience: programme[`audience_${lang}`] }));
    const rows = [reachedRow(own, programme.demand)];
    for (const row of programme.by_audience) rows.push(reachedRow(sitesMap.audience(row.audience), row));
    const columns = [[say("siting_audience")], [say("siting_total"), true], [say("siting_before"), true], [say("siting_after"), true], [say("siting_gain"), true]];
    return make(
      "div.card.siting-reached",
      make("h2", `${say("siting_reached")} · ${programme[lang]}`),
      table(`${say("siting_reached")} · ${programme[lang]}`, columns, rows),
      make("p.note", say("siting_reached_note", { count: whole(programme.existing_count) })),
    );
  };

  // The township whose share is lowest, among those in which the programme's people live.
  const lowest = (programme, choice) => {
    const asked = choice.programmes.find((row) => row.kind === programme.kind) || {};
    const rural = new Set(programme.by_township.filter((row) => row.audience === "farmers" && row.population > 0).map((row) => row.township_code));
    const lives = (code) => !asked.demand_settlement || (asked.demand_settlement === "rural") === rural.has(code);
    const rows = programme.by_township
      .filter((row) => row.audience === programme.audience && row.population > 0 && lives(row.township_code))
      .map((row) => ({ name: row.township_name, share: row.covered_after / row.population }))
      .sort((a, b) => a.share - b.share);
    return rows[0] || null;
  };

  const press = (text, name, action) => {
    const button = make("button.small", text);
    button.type = "button";
    if (name) button.setAttribute("aria-label", name);
    button.addEventListener("click", (event) => {
      event.stopPropagation();
      action();
    });
    return button;
  };

  const nextCell = (item) => (item.next ? item.next.text : "—");

  const changes = (item, on) =>
    make(
      "span.actions",
      press(say("siting_remove"), say("siting_remove_named", { number: item.number, place: item.row.name }), () => on.remove(item.number)),
      item.placed.candidate_id && press(say("siting_require"), say("siting_require_named", { place: item.row.name }), () => on.choose("required", item.placed.candidate_id, item.row.name)),
      item.placed.candidate_id && press(say("siting_forbid"), say("siting_forbid_named", { place: item.row.name }), () => on.choose("forbidden", item.placed.candidate_id, item.row.name)),
      item.next && item.next.id && press(say("siting_swap"), say("siting_swap_named", { number: item.number, place: item.next.name }), () => on.swap(item.number, item.next.id)),
    );

  const phaseWord = (item) => (item.phase ? say(`siting_phase_${item.phase}`) : null);

  const sites = (items, on) => {
    const isPhased = items.some((item) => item.phase);
    const columns = [
      [say("siting_number")], ...(isPhased ? [[say("siting_phase")]] : []), [say("siting_programme")], [say("siting_place")], [say("township")], [say("siting_source")],
      [say("siting_newly"), true], [say("siting_alone"), true], [say("siting_next")], ...(on.remove ? [[say("siting_edit")]] : []),
    ];
    const rows = items.map((item) => {
      const link = make("button.link", item.row.name);
      link.type = "button";
      return [
        make("span.name", sitesMap.sign(item.at, item.number, 24), make("span.visually-hidden", item.number)),
        ...(isPhased ? [phaseWord(item)] : []), item.row[`programme_${lang}`], link, item.row.township_name, sitesMap.kindOf(item),
        whole(item.row.newly_covered), whole(item.row.covered_alone), nextCell(item), ...(on.remove ? [changes(item, on)] : []),
      ];
    });
    const title = say("siting_sites", { count: items.length });
    const found = table(title, columns, rows);
    found.classList.add("site-table");
    found.classList.toggle("fixed", !on.remove);
    found.querySelectorAll("tbody tr").forEach((row, index) => row.addEventListener("click", () => on.locate(items[index].number)));
    return make("div.card.wide", make("h2", title), found, make("p.note", isPhased && say("siting_phase_note"), say(on.remove ? "siting_sites_note" : "siting_file_sites_note")));
  };

  const broken = (found, names) => {
    if (!found.broken.length) return make("p.kept", say("siting_kept"));
    const text = (row) => row[lang].replace(/\d{9}/g, (code) => names.get(code) || code);
    return make("div.broken", make("p", say("siting_broken", { count: found.broken.length })), make("ul", ...found.broken.map((row) => make("li", text(row)))));
  };

  const join = (names) => names.join(lang === "zh" ? "、" : ", ") || "—";

  const useIt = (row, at, adopt) => press(say("siting_use"), say("siting_use_named", { number: at + 1 }), () => adopt(row.sites));

  const alternatives = (proposal, _address, adopt) => {
    const rows = proposal.alternatives.map((row, at) => [String(at + 1), whole(Math.abs(row.objective)), `${row.change > 0 ? "+" : row.change < 0 ? "−" : "±"}${whole(Math.abs(row.change))}`, join(row.instead_of), join(row.instead), useIt(row, at, adopt)]);
    const columns = [[say("siting_number")], [`${say("siting_result")}${window.kepu.bracket(proposal.choice[`unit_${lang}`])}`, true], [say("siting_change"), true], [say("siting_instead_of")], [say("siting_instead")], [say("siting_edit")]];
    return make("div.card.wide", make("h2", say("siting_alternatives")), rows.length ? table(say("siting_alternatives"), columns, rows) : make("p", say("siting_alternatives_none")), rows.length > 0 && make("p.note", say("siting_alternatives_note")));
  };

  const frontier = (proposal, address, adopt) => {
    const rows = proposal.frontier.map((row, at) => [String(at + 1), whole(row.newly_covered), percent(row.covered_share), percent(row.lowest_share), figure(row.gini, 3), useIt(row, at, adopt)]);
    const columns = [[say("siting_number")], [say("siting_newly"), true], [say("siting_covered_share"), true], [say("siting_lowest_share"), true], ["Gini", true], [say("siting_edit")]];
    const goesOn = proposal.frontier.some((row) => row.may_go_on);
    return make(
      "div.card.wide.siting-frontier",
      make("h2", say("siting_frontier")),
      make(
        "div.pictured",
        analysis.picture(address, say("siting_frontier_alt")),
        make("div", table(say("siting_frontier"), columns, rows), make("p.note", say("siting_frontier_note"), goesOn && ` ${say("siting_frontier_open")}`)),
      ),
    );
  };

  const robustness = (proposal) => {
    const found = proposal.robustness;
    const names = new Map(proposal.sites.map((row) => [row.site, row]));
    const rows = found.sites.map((row) => {
      const own = names.get(row.site);
      return [String(row.site), own.name, own[`programme_${lang}`], percent(row.chosen_share), percent(row.near_share)];
    });
    const columns = [[say("siting_number")], [say("siting_place")], [say("siting_programme")], [say("siting_again"), true], [say("siting_near", { metres: whole(found.near_m) }), true]];
    const values = { draws: whole(found.draws), mean: percent(found.mean_kept_share), least: percent(found.least_kept_share) };
    return make("div.card.wide.siting-robustness", make("h2", say("siting_robustness")), make("p", say("siting_robustness_note", values)), table(say("siting_robustness"), columns, rows));
  };

  window.kepu.sitingResult = { TRAVEL, table, press, valueText, compared, proof, reached, lowest, sites, broken, alternatives, frontier, robustness, of };
}
