// Up to three plans kept in this window, side by side.
"use strict";
{
  const { say, percent, whole, make, lang, sitesMap, sitingResult, sitingPair } = window.kepu;
  const MOST = 3;
  let key = null;
  let plans = [];

  // Storage is closed in some browsers; the plans then last as long as the page.
  const read = () => {
    try {
      const found = JSON.parse(sessionStorage.getItem(key));
      return Array.isArray(found) ? found.filter((plan) => plan.places).slice(0, MOST) : [];
    } catch {
      return [];
    }
  };

  const write = () => {
    try {
      sessionStorage.setItem(key, JSON.stringify(plans));
    } catch {
      // See above.
    }
  };

  const setUp = (study) => {
    sitingPair.setUp(study);
    const asked = `kepu-siting-plans-${study.district.district_code}`;
    if (asked === key) return;
    key = asked;
    plans = read();
  };

  const both = (row, name = "") => ({ zh: row[`${name}zh`], en: row[`${name}en`] });

  const programmeOf = (row, choice) => ({
    ...both(row),
    audience: both(row, "audience_"),
    demand: row.demand,
    by_audience: row.by_audience,
    lowest: sitingResult.lowest(row, choice),
  });

  const placeOf = ({ name, longitude, latitude, programme }, programmes) => ({
    name, longitude, latitude, at: programmes.findIndex((row) => row.kind === programme),
  });

  const keep = (name, state) => {
    if (plans.length >= MOST) return false;
    const { found } = state;
    plans.push({
      name,
      basis: { zh: `${found.on} · ${found.denominator.zh}`, en: `${found.on} · ${found.denominator.en}` },
      asked: both(found.choice, "question_"),
      result: { value: found.value, choice: found.choice },
      programmes: found.programmes.map((row) => programmeOf(row, found.choice)),
      broken: found.broken,
      siting: state.siting,
      layers: state.layers,
      sites: state.sites,
      scenario: found.scenario_toml,
      places: found.sites.map((row) => placeOf(row, found.programmes)),
    });
    write();
    return true;
  };

  const drop = (at) => {
    plans.splice(at, 1);
    write();
  };

  const nextName = () => {
    const taken = new Set(plans.map((plan) => plan.name));
    for (let number = 1; ; number += 1) {
      const name = say("siting_plan", { number });
      if (!taken.has(name)) return name;
    }
  };

  const covered = (row) => (row && row.population != null ? sitingResult.of(row.covered_after, row.population) : "—");

  // A row for each programme's own people, each audience and its lowest township.
  const programmeRows = () => {
    const kinds = new Map();
    for (const plan of plans) for (const row of plan.programmes) kinds.set(row.zh, row);
    return [...kinds.values()].flatMap((kind) => {
      const own = plans.map((plan) => plan.programmes.find((row) => row.zh === kind.zh));
      const name = (audience) => say("siting_after_for", { programme: kind[lang], audience });
      const rows = [[name(say("siting_target", { audience: kind.audience[lang] })), ...own.map((row) => covered(row && row.demand))]];
      for (const { audience } of kind.by_audience) {
        const found = own.map((row) => row && row.by_audience.find((one) => one.audience === audience));
        rows.push([name(sitesMap.audience(audience)), ...found.map(covered)]);
      }
      const low = own.map((row) => (row && row.lowest ? `${row.lowest.name} ${percent(row.lowest.share)}` : "—"));
      return [...rows, [say("siting_lowest", { programme: kind[lang] }), ...low]];
    });
  };

  const download = (plan, at) => {
    const link = make("a");
    link.href = URL.createObjectURL(new Blob([plan.scenario], { type: "application/toml" }));
    link.download = `kepu-siting-plan-${at + 1}.toml`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
  };

  const rulesOf = (plan) =>
    plan.broken.length ? make("ul", ...plan.broken.map((row) => make("li", row[lang]))) : say("siting_yes_all");

  const comparison = (onOpen, onDrop) => {
    const rows = [
      [say("siting_question"), ...plans.map((plan) => plan.asked[lang])],
      [say("siting_basis"), ...plans.map((plan) => plan.basis[lang])],
      [say("siting_result"), ...plans.map((plan) => make("b", sitingResult.valueText(plan.result)))],
      [say("siting_site_count"), ...plans.map((plan) => whole(plan.sites.length))],
      ...programmeRows(),
      [say("siting_rules"), ...plans.map(rulesOf)],
      [say("siting_edit"), ...plans.map((plan, at) =>
        make(
          "span.actions",
          sitingResult.press(say("siting_open"), say("siting_open_named", { name: plan.name }), () => onOpen(plan)),
          plan.scenario && sitingResult.press(say("siting_file_save"), say("siting_file_named", { name: plan.name }), () => download(plan, at)),
          sitingResult.press(say("siting_drop"), say("siting_drop_named", { name: plan.name }), () => onDrop(at)),
        ))],
    ];
    return sitingResult.table(say("siting_plans"), [[""], ...plans.map((plan) => [plan.name])], rows);
  };

  const card = (onOpen, onDrop) => {
    const dropped = (at) => {
      drop(at);
      onDrop();
    };
    const pair = make("div.siting-pair");
    const whole = make(
      "div.card.wide.siting-plans",
      make("h2", say("siting_plans")),
      plans.length ? comparison(onOpen, dropped) : make("p", say("siting_plans_none")),
      pair,
      plans.length > 0 && make("p.note", say("siting_plans_note")),
    );
    // Once it stands in the page: a map has no size before.
    requestAnimationFrame(() => sitingPair.draw(pair, plans));
    return whole;
  };

  window.kepu.sitingPlans = { setUp, keep, nextName, card };
}
