// Siting: what is asked, the search, and what a person changes of its proposal by hand.
"use strict";
{
  const { say, whole, make, lang, source, sitesMap, sitingForm, sitingResult, sitingPlans, sitingConditions } = window.kepu;
  const { press } = sitingResult;
  const place = document.getElementById("siting");
  const ASK_AGAIN = 500;
  const part = (name) => make(`div.part.${name}`);
  const parts = { form: part("ask"), status: part("state"), proposal: part("proposal"), edit: part("edit"), told: part("told"), sites: part("sites"), reached: part("reached"), extras: part("extras"), plans: part("plans") };
  const live = make("span");
  const clock = make("span.clock");
  const state = {};
  let study = null;
  let basis = null;
  let searches = 0;
  let edits = 0;

  live.setAttribute("role", "status");
  parts.told.setAttribute("role", "status");
  clock.setAttribute("aria-hidden", "true");

  const wait = (time) => new Promise((resolve) => setTimeout(resolve, time));

  const tell = (text, ...more) => {
    if (live.textContent !== text) live.textContent = text;
    parts.status.replaceChildren(make("p.siting-status", live, ...more));
  };

  // Of what a person did; the search has a line of its own.
  const note = (text) => parts.told.replaceChildren(make("p.siting-status", text));

  // ---- the search ----------------------------------------------------------------------

  const amount = (value) => whole(Math.abs(value));

  const progress = (job, isOff) => {
    if (isOff) return say("siting_calling_off");
    if (job.status === "waiting") return say("siting_waiting");
    if (job.objective == null) return say("siting_preparing");
    return say("siting_running", { best: amount(job.objective), bound: job.bound == null ? "—" : amount(job.bound) });
  };

  // Follows a job to its end; null where another search has begun since.
  const search = async (body, mine, told) => {
    const began = Date.now();
    let now = await source.siting.begin(study, lang, body);
    let isOff = false;
    const cancel = press(say("siting_cancel"), null, () => {
      isOff = true;
      cancel.disabled = true;
      source.siting.callOff(now.job_id).catch(() => {});
    });
    tell(told(now, isOff), clock, cancel);
    while (now.status === "waiting" || now.status === "running") {
      clock.textContent = say("siting_seconds", { seconds: Math.round((Date.now() - began) / 1000) });
      live.textContent = told(now, isOff);
      await wait(ASK_AGAIN);
      if (mine !== searches) return null;
      now = await source.siting.follow(now.job_id);
    }
    const ended = now.proposal || now.status === "cancelled" ? now : await source.siting.follow(now.job_id);
    return mine === searches ? ended : null;
  };

  // The plan first; what is asked besides comes after it, one by one.
  const run = async (body, go) => {
    const mine = ++searches;
    go.disabled = true;
    try {
      const ended = await search({ ...body, also: [] }, mine, progress);
      if (ended && !ended.proposal) tell(say("siting_cancelled"));
      else if (ended && (await take(ended, body, mine))) await besides(body, mine);
    } catch (error) {
      if (mine === searches) tell(say("siting_failed", { reason: error.message }));
    } finally {
      go.disabled = false;
    }
  };

  const take = async (ended, { siting, exclusions, parcels }, mine) => {
    const { proposal } = ended;
    const layers = { exclusions, parcels };
    const sites = proposal.sites.map((row) => ({ programme: row.programme, candidate_id: row.candidate_id }));
    const found = await source.siting.whatIf(study, lang, { siting, sites, ...layers });
    if (mine !== searches) return false;
    edits += 1;
    Object.assign(state, { siting, layers, sites, found, proposal, proposed: sites, base: found });
    parts.proposal.replaceChildren(sitingResult.proof(proposal, ended.cancelled));
    parts.extras.replaceChildren();
    parts.told.replaceChildren();
    draw();
    sitesMap.showAll();
    tell(say("siting_done"));
    return true;
  };

  const besides = async ({ also, ...question }, mine) => {
    for (const name of also) {
      const what = say(`also_${name}`);
      try {
        const ended = await search({ ...question, also: [name] }, mine, (_, isOff) => say(isOff ? "siting_stopping" : "siting_extra", { what }));
        if (!ended) return;
        if (!ended.proposal || ended.cancelled) return void tell(say("siting_extra_off", { what }));
        parts.extras.append(sitingResult[name](ended.proposal, source.siting.frontier(ended.job_id, lang), adopt));
      } catch (error) {
        if (mine === searches) tell(say("siting_extra_failed", { what, reason: error.message }));
        return;
      }
    }
    tell(say("siting_done"));
  };

  // Another plan that was worked out: put on the map as if by hand, so that it can be changed.
  const adopt = (sites) => {
    change(() => sites).then(sitesMap.showAll);
    document.getElementById("map-region").scrollIntoView();
  };

  // ---- by hand -------------------------------------------------------------------------

  const idOf = (row) => `${row.programme}|${row.candidate_id}`;

  // The answer has an order of its own; points without an id are numbered in ours.
  const items = () => {
    const { found, sites, proposal } = state;
    const rows = new Map(found.sites.map((row) => [idOf(row), row]));
    const proposed = new Map((proposal ? proposal.sites : []).map((row) => [idOf(row), row]));
    let points = 0;
    return sites.map((placed, index) => {
      const id = placed.candidate_id ? idOf(placed) : `${placed.programme}|point-${(points += 1)}`;
      const at = found.programmes.findIndex((row) => row.kind === placed.programme);
      const own = placed.candidate_id ? null : { name: say("own_name", { number: points }) };
      return { number: index + 1, at, programme: found.programmes[at], placed, row: { ...rows.get(id), ...own }, next: nextBest(proposed.get(id)), phase: phaseOf(proposed.get(id)) };
    });
  };

  // Only a proposal as it stands has phases, and only where some were asked for.
  const phaseOf = (row) => {
    const isPhased = state.siting.programmes.some((one) => one.first_phase);
    return row && isPhased && isProposal() ? row.phase : null;
  };

  // In words, and no id: who reads of it here cannot take it.
  const nextOf = (row) => {
    if (!row.next_best_id) return { id: null, text: say("siting_next_none") };
    const loss = Math.round(row.next_best_loss);
    const change = loss === 0 ? "±0" : `${loss > 0 ? "−" : "+"}${whole(Math.abs(loss))}`;
    return { id: null, name: row.next_best_name, text: `${row.next_best_name}${window.kepu.bracket(change)}` };
  };

  const nextBest = (row) => {
    if (!row) return null;
    if (!row.next_best_id) return nextOf(row);
    const isTaken = state.sites.some((one) => one.programme === row.programme && one.candidate_id === row.next_best_id);
    return { ...nextOf(row), id: isTaken ? null : row.next_best_id };
  };

  const isProposal = () => state.proposal && JSON.stringify(state.sites) === JSON.stringify(state.proposed);

  const townNames = () => new Map(study.townships.map((row) => [row.township_code, row.name_zh]));

  const verdict = () => (isProposal() ? say("siting_same") : sitingResult.compared(state.found, state.base));

  // The table is made anew after each change; a keyboard stays where it was in it.
  const kept = () => {
    const before = parts.sites.querySelector(".table-scroll");
    const buttons = () => [...parts.sites.querySelectorAll("button")];
    const at = buttons().indexOf(document.activeElement);
    const top = before ? before.scrollTop : 0;
    return () => {
      parts.sites.querySelector(".table-scroll").scrollTop = top;
      const found = buttons();
      if (at >= 0 && found.length) found[Math.min(at, found.length - 1)].focus({ preventScroll: true });
    };
  };

  const draw = () => {
    const { found } = state;
    const shown = items();
    const keep = kept();
    sitesMap.show(shown, found.programmes, {
      grid: found.choice.candidates.grid_m,
      onMove: (number, { lat, lng }) => change((sites) => sites.map((one, index) => (index + 1 === number ? pointOf(one.programme, lat, lng) : one))),
    });
    drawBar();
    parts.edit.replaceChildren(editor(shown));
    parts.sites.replaceChildren(sitingResult.sites(shown, {
      locate: sitesMap.locate,
      choose: sitingConditions.choose,
      remove: (number) => change((sites) => sites.filter((_, index) => index + 1 !== number)),
      swap: (number, id) => change((sites) => sites.map((one, index) => (index + 1 === number ? { programme: one.programme, candidate_id: id } : one))),
    }));
    keep();
    parts.reached.replaceChildren(...found.programmes.map((row) => sitingResult.reached(row)));
    drawPlans();
  };

  const pointOf = (programme, lat, lng) => ({ programme, longitude: Number(lng.toFixed(7)), latitude: Number(lat.toFixed(7)) });

  const drawBar = (...more) => {
    const broken = state.found.broken.length;
    sitesMap.tell(
      make("b", sitingResult.valueText(state.found)),
      make("span", verdict()),
      broken > 0 && make("span.warn", say("siting_broken_short", { count: broken })),
      ...(more.length ? more : [press(say("siting_back"), null, () => parts.edit.scrollIntoView())]),
    );
  };

  const change = async (edit) => {
    const mine = ++edits;
    const sites = edit(state.sites);
    try {
      const found = await source.siting.whatIf(study, lang, { siting: state.siting, sites, ...state.layers });
      if (mine !== edits) return;
      Object.assign(state, { sites, found });
      draw();
      note(`${sitingResult.valueText(found)}${lang === "zh" ? "；" : "; "}${verdict()}`);
    } catch (error) {
      if (mine !== edits) return;
      note(say("siting_refused", { reason: error.message }));
      if (!state.found) return;
      draw();
      drawBar(make("span.warn", say("siting_refused", { reason: error.message })));
    }
  };

  const add = (programme) => {
    const put = ({ lat, lng }) => change((sites) => [...sites, pointOf(programme, lat, lng)]);
    sitesMap.place(put, () => drawBar());
    const middle = press(say("siting_add_centre"), null, () => put(sitesMap.centre()));
    drawBar(make("span", say("siting_adding")), middle);
    middle.focus({ preventScroll: true });
  };

  const editor = (shown) => {
    const choice = make("select", ...state.found.programmes.map((row) => {
      const option = make("option", row[lang]);
      option.value = row.kind;
      return option;
    }));
    choice.name = "add_for";
    const name = make("input");
    Object.assign(name, { name: "plan_name", value: sitingPlans.nextName(), maxLength: 40 });
    const restore = press(say("siting_restore"), null, () => change(() => state.proposed));
    restore.disabled = !state.proposal || isProposal();
    return make(
      "div.card.wide.siting-edit",
      make("h2", say("siting_what_if")),
      make("p.siting-value", make("b", say("siting_value", { value: sitingResult.valueText(state.found) })), make("span", verdict())),
      sitingResult.broken(state.found, townNames()),
      make(
        "div.tools",
        make("label", `${say("siting_add_for")} `, choice),
        press(say("siting_add"), null, () => add(choice.value)),
        restore,
        make("label", `${say("siting_plan_name")} `, name),
        press(say("siting_save"), null, () => save(name.value.trim() || sitingPlans.nextName())),
      ),
      make("p.note", shown.length ? say("siting_what_if_note") : ""),
    );
  };

  // ---- plans ---------------------------------------------------------------------------

  const save = (name) => {
    note(sitingPlans.keep(name, state) ? say("siting_saved", { name }) : say("siting_full"));
    draw();
  };

  const open = (plan) => {
    const isSame = JSON.stringify(plan.siting) === JSON.stringify(state.siting);
    if (!isSame) {
      Object.assign(state, { siting: plan.siting, layers: plan.layers, proposal: null, proposed: null, base: null });
      parts.proposal.replaceChildren();
      parts.extras.replaceChildren();
    }
    change(() => plan.sites).then(sitesMap.showAll);
  };

  const drawPlans = () => parts.plans.replaceChildren(sitingPlans.card(open, drawPlans));

  // ---- the section ---------------------------------------------------------------------

  const basisOf = (found) => [found.on, found.caliber, found.scope, found.denominator.id].join("|");

  // Put in once: what a person is typing stays, and so does the cursor, when the date changes.
  const setUp = (asked) => {
    if (!parts.form.firstElementChild) {
      parts.form.replaceChildren(sitingForm.make(asked, run));
      place.replaceChildren(
        make("div.part.intro", make("h2", say("siting")), make("p", say("siting_intro"))),
        ...["form", "status", "proposal", "edit", "told", "sites", "reached", "extras", "plans"].map((name) => parts[name]),
      );
    }
    sitingPlans.setUp(study);
    drawPlans();
  };

  sitingConditions.onPick((text) => note(text));

  const leave = () => {
    searches += 1;
    edits += 1;
    for (const name of ["proposal", "edit", "told", "sites", "reached", "extras"]) parts[name].replaceChildren();
    if (parts.status.firstElementChild) tell(say("siting_changed_basis"));
    for (const name of Object.keys(state)) delete state[name];
    sitesMap.clear();
  };

  // A file shows the plan that was worked out for it, if any, and cannot ask for another.
  const drawFile = () => {
    const intro = (word, values) => make("div.part.intro", make("h2", say("siting")), make("p.note", say(word, values)));
    const { proposal } = source;
    if (!proposal) return place.replaceChildren(intro("siting_file"));
    const basisText = `${proposal.on} · ${proposal.denominator[lang]}`;
    const shown = proposal.sites.map((row, index) => {
      const at = proposal.programmes.findIndex((one) => one.kind === row.programme);
      return { number: index + 1, at, programme: proposal.programmes[at], placed: row, row, next: nextOf(row), phase: null };
    });
    const title = say("siting_file_legend", { on: proposal.on });
    sitesMap.show(shown, proposal.programmes, { grid: proposal.choice.candidates.grid_m, onMove: null, title });
    return place.replaceChildren(
      intro("siting_file_plan", { basis: basisText }),
      sitingResult.proof(proposal, false),
      sitingResult.sites(shown, { locate: sitesMap.locate }),
      make("div.part.reached", ...proposal.programmes.map((row) => sitingResult.reached(row))),
    );
  };

  // Drawn anew when the date or the basis changes: a plan belongs to its figures.
  const drawSection = async (found) => {
    if (source.isFile) return drawFile();
    if (basisOf(found) === basis) return;
    study = found;
    basis = basisOf(found);
    leave();
    try {
      const asked = await source.siting.asked(study, lang);
      if (basisOf(found) === basis) setUp(asked);
    } catch (error) {
      // Whoever tries again must not be taken for one who has it already.
      if (basisOf(found) === basis) basis = null;
      throw error;
    }
  };

  window.kepu.siting = { draw: drawSection };
}
