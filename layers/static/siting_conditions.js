// Further conditions of a siting question: reach, limits, candidates, layers of the office's own.
"use strict";
{
  const { say, make, lang, label, vocabulary } = window.kepu;
  const COVERS = new Set(["most_covered", "backup", "fewest_sites"]);
  const MOST = new Set(["most_covered", "backup"]);
  const MOST_BYTES = 900_000;
  const PERCENT = 100;
  // What a person has picked in tables and files; it outlives the form.
  const picked = { required: new Map(), forbidden: new Map(), exclusions: null, parcels: null };
  let told = () => {};

  const field = (name, value, limits, hint) => {
    const input = make("input");
    Object.assign(input, { type: "number", name, ...limits });
    input.defaultValue = value ?? "";
    return make("label.field", make("span", say(`set_${name.replace(/:.*/, "")}`)), input, hint && make("small", say(hint)));
  };

  const tick = (name, isOn) => {
    const box = make("input");
    Object.assign(box, { type: "checkbox", name, value: name, defaultChecked: isOn });
    return make("label.option", box, make("span", say(`set_${name}`)));
  };

  const pick = (name, value, options) => {
    const select = make("select");
    select.name = name;
    for (const [key, text] of options) {
      const option = make("option", text);
      Object.assign(option, { value: key, defaultSelected: key === value });
      select.append(option);
    }
    return make("label.field", make("span", say(`set_${name.replace(/:.*/, "")}`)), select);
  };

  const group = (title, ...rows) => make("fieldset", make("legend", title), make("div.fields", ...rows));

  const programmes = ({ choice }) =>
    choice.programmes.map(({ kind, mode, minutes, settlement, first_phase: first }) =>
      group(
        label("kind", kind),
        pick(`mode:${kind}`, mode, Object.keys(vocabulary.labels.mode).map((key) => [key, label("mode", key)])),
        field(`minutes:${kind}`, minutes, { min: 1, max: 600, step: "any", required: true }),
        pick(`settlement:${kind}`, settlement ?? "", [["", say("settlement_any")], ["rural", say("settlement_rural")], ["urban", say("settlement_urban")]]),
        field(`first_phase:${kind}`, first, { min: 1, max: 500, step: 1 }, "first_phase_hint"),
      ),
    );

  const limits = ({ choice }) =>
    group(
      say("siting_limits"),
      field("floor", choice.floor_share * PERCENT || "", { min: 0, max: 100, step: "any" }, "floor_hint"),
      field("suitability", choice.suitability_weight || "", { min: 0, max: 10_000_000, step: "any" }, "suitability_hint"),
      field("named_loss", choice.named_loss_share * PERCENT, { min: 0, max: 100, step: "any" }, "named_loss_hint"),
      field("first_weight", choice.first_weight * PERCENT, { min: 0, max: 100, step: "any" }),
      field("time_limit", Math.min(choice.time_limit_s, 120), { min: 1, max: 120, step: 1, required: true }),
      tick("together", choice.together),
    );

  const SOURCES = ["host", "village", "parcel", "search_area"];

  const costs = ({ choice }) =>
    group(
      say("siting_costs"),
      field("budget", choice.costs.budget, { min: 0, step: "any" }),
      ...SOURCES.map((name) => field(`cost_${name}`, choice.costs[name] || "", { min: 0, step: "any" })),
    );

  const candidates = ({ choice }) =>
    group(
      say("siting_candidates"),
      tick("hosts", choice.candidates.host_kinds.length > 0),
      tick("villages", choice.candidates.villages),
      field("grid", choice.candidates.grid_m, { min: 200, max: 20_000, step: "any" }, "grid_hint"),
      upload("exclusions"),
      upload("parcels"),
      chips(),
    );

  // ---- files and picked candidates ------------------------------------------------------

  const shown = { exclusions: make("small.file-name"), parcels: make("small.file-name"), chips: make("div.chips") };

  const drawFile = (name) => {
    const own = picked[name];
    const drop = make("button.small", say("file_drop"));
    drop.type = "button";
    drop.addEventListener("click", () => {
      picked[name] = null;
      drawFile(name);
    });
    shown[name].replaceChildren(...(own ? [make("span", say("file_taken", { name: own.name, count: own.count })), drop] : [say("file_hint")]));
  };

  const read = async (name, file) => {
    if (!file) return;
    const fail = (reason) => {
      picked[name] = null;
      drawFile(name);
      shown[name].prepend(make("span.warn", `${reason} `));
    };
    if (file.size > MOST_BYTES) return void fail(say("file_large"));
    try {
      const content = JSON.parse(await file.text());
      if (!content || !Array.isArray(content.features)) return void fail(say("file_no_geojson"));
      picked[name] = { name: file.name, count: content.features.length, content };
      drawFile(name);
    } catch {
      fail(say("file_no_geojson"));
    }
  };

  const upload = (name) => {
    const input = make("input");
    Object.assign(input, { type: "file", accept: ".geojson,.json" });
    input.dataset.layer = name;
    input.addEventListener("change", () => read(name, input.files[0]));
    drawFile(name);
    return make("div.field.file", make("label", make("span", say(`set_${name}`)), input), shown[name]);
  };

  const drawChips = () => {
    const chip = (list, id, name) => {
      const button = make("button.small.chip", `${say(`chip_${list}`, { name })} ✕`);
      button.type = "button";
      button.setAttribute("aria-label", say("chip_drop", { name }));
      button.addEventListener("click", () => {
        picked[list].delete(id);
        drawChips();
      });
      return button;
    };
    const all = ["required", "forbidden"].flatMap((list) => [...picked[list]].map(([id, name]) => chip(list, id, name)));
    shown.chips.replaceChildren(...(all.length ? all : [make("small", say("chips_none"))]));
  };

  const chips = () => {
    drawChips();
    shown.chips.setAttribute("role", "group");
    shown.chips.setAttribute("aria-label", say("siting_candidates"));
    return shown.chips;
  };

  // Of a row of the sites' table: it must be chosen next time, or must not.
  const choose = (list, id, name) => {
    const other = list === "required" ? "forbidden" : "required";
    picked[other].delete(id);
    picked[list].set(id, name);
    drawChips();
    told(say(`picked_${list}`, { name }));
  };

  // ---- the whole ------------------------------------------------------------------------

  const build = (asked) =>
    make("details.conditions", make("summary", say("siting_conditions")), make("div.condition-groups", ...programmes(asked), limits(asked), costs(asked), candidates(asked)));

  const fit = ({ elements }, question) => {
    const show = (name, isOn) => {
      elements[name].closest("label").hidden = !isOn;
    };
    show("floor", COVERS.has(question));
    for (const name of ["named_loss", "suitability"]) show(name, MOST.has(question));
    show("first_weight", question === "backup");
    for (const input of elements) if (input.name.startsWith("first_phase:")) show(input.name, MOST.has(question));
  };

  const number = (input) => (input.value === "" ? null : Number(input.value));

  const programme = ({ elements }, row, question) => ({
    ...row,
    mode: elements[`mode:${row.kind}`].value,
    minutes: number(elements[`minutes:${row.kind}`]),
    settlement: elements[`settlement:${row.kind}`].value || null,
    first_phase: MOST.has(question) ? number(elements[`first_phase:${row.kind}`]) : null,
  });

  // What the form says, as keys of the question.
  const given = (form, { choice }, question) => {
    const { elements } = form;
    const share = (name, otherwise = 0) => (number(elements[name]) ?? otherwise) / PERCENT;
    const costs = Object.fromEntries(SOURCES.map((name) => [name, number(elements[`cost_${name}`]) ?? 0]));
    const hosts = choice.candidates.host_kinds;
    return {
      together: elements.together.checked,
      floor_share: COVERS.has(question) ? share("floor") : 0,
      costs: { ...costs, budget: number(elements.budget) },
      suitability_weight: number(elements.suitability) ?? 0,
      named_loss_share: share("named_loss"),
      first_weight: share("first_weight", 70),
      time_limit_s: number(elements.time_limit),
      candidates: { ...choice.candidates, host_kinds: elements.hosts.checked ? hosts : [], villages: elements.villages.checked, grid_m: number(elements.grid) },
      required: [...new Set([...choice.required, ...picked.required.keys()])].filter((id) => !picked.forbidden.has(id)),
      forbidden: [...new Set([...choice.forbidden, ...picked.forbidden.keys()])].filter((id) => !picked.required.has(id)),
    };
  };

  const layers = () =>
    Object.fromEntries(["exclusions", "parcels"].filter((name) => picked[name]).map((name) => [name, picked[name].content]));

  const onPick = (tell) => {
    told = tell;
  };

  window.kepu.sitingConditions = { make: build, fit, programme, given, layers, choose, onPick };
}
