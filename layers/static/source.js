// Where the data come from: this server, or the block within this file.
"use strict";
{
  const { block } = window.kepu;
  const bundle = block("bundle");

  class Problem extends Error {}

  const ask = async (address, method = "GET", sent = null) => {
    const headers = { accept: "application/json", ...(sent && { "content-type": "application/json" }) };
    const answer = await fetch(address, { method, headers, body: sent && JSON.stringify(sent) });
    const body = await answer.json();
    if (!answer.ok) throw new Problem(body.detail || body.title || String(answer.status));
    return body;
  };

  const allItems = async (name, parameters) => {
    const features = [];
    let address = `collections/${name}/items?${parameters}&limit=10000`;
    while (address) {
      const body = await ask(address);
      features.push(...body.features);
      const next = body.links.find((link) => link.rel === "next");
      address = next ? next.href : null;
    }
    return features;
  };

  const fromServer = async (view, lang) => {
    const parameters = new URLSearchParams();
    for (const name of ["on", "caliber", "scope", "denominator"]) {
      if (view[name]) parameters.set(name, view[name]);
    }
    parameters.set("lang", lang);
    const study = await ask(`study?${parameters}`);
    parameters.set("on", study.on);
    const [facilities, townships, gaps, districts] = await Promise.all(
      ["facilities", "townships", "gaps", "districts"].map((name) => allItems(name, parameters)),
    );
    return { study, facilities, townships, gaps, districts };
  };

  const same = (study, lang) => {
    const parameters = new URLSearchParams({ on: study.on, caliber: study.caliber, scope: study.scope });
    parameters.set("denominator", study.denominator.id);
    parameters.set("lang", lang);
    return parameters;
  };

  const key = (study) => `${study.caliber}|${study.scope}|${study.denominator.id}`;

  // The file has the ends of the plan's years alone; the server any date beside them.
  const trend = async (study, lang, since = "") => {
    if (bundle) return bundle.trends[key(study)];
    const parameters = same(study, lang);
    if (since) parameters.set("since", since);
    return ask(`trend?${parameters}`);
  };

  const surface = (study, lang) => ask(`surface?${same(study, lang)}`);

  const serviceArea = (study, facility, mode, minutes, lang) => {
    const parameters = same(study, lang);
    for (const [name, value] of Object.entries({ facility, mode, minutes })) parameters.set(name, value);
    return ask(`service-area?${parameters}`);
  };

  const siting = {
    asked: (study, lang) => ask(`siting?${same(study, lang)}`),
    begin: (study, lang, body) => ask(`siting?${same(study, lang)}`, "POST", body),
    follow: (job) => ask(`siting/${job}`),
    callOff: (job) => ask(`siting/${job}`, "DELETE"),
    whatIf: (study, lang, body) => ask(`siting/what-if?${same(study, lang)}`, "POST", body),
    frontier: (job, lang) => `siting/${job}/frontier.svg?lang=${lang}`,
  };

  // Addresses of pictures: of this server, or the pictures themselves.
  const charts = async (study, lang) => {
    const names = ["lorenz", "area_trend", "coverage_trend"];
    const address = (name) =>
      bundle
        ? `data:image/svg+xml;charset=utf-8,${encodeURIComponent(bundle.charts[key(study)][lang][name])}`
        : `charts/${name}.svg?${same(study, lang)}`;
    return Object.fromEntries(names.map((name) => [name, address(name)]));
  };

  const fromBundle = (view) => {
    const first = bundle.views[bundle.first];
    const caliber = view.caliber || first.caliber;
    const scope = view.scope || first.scope;
    const denominator = view.denominator || first.denominator.id;
    const study = bundle.views[`${caliber}|${scope}|${denominator}`];
    if (!study) throw new Problem(`${caliber} ${scope} ${denominator}`);
    const counted = bundle.counted[`${caliber}|${scope}`];
    const facilities = bundle.facilities.features.map((feature) => {
      const [area, reason] = counted[feature.id];
      return {
        ...feature,
        properties: { ...feature.properties, counted_area_m2: area, count_reason: reason },
      };
    });
    return {
      study,
      facilities,
      townships: bundle.townships.features,
      gaps: bundle.gaps.features,
      districts: bundle.districts.features,
    };
  };

  window.kepu.source = {
    isFile: bundle !== null,
    // A plan that was worked out for the file, which has no server to ask for another.
    proposal: (bundle && bundle.proposal) || null,
    generatedOn: bundle ? bundle.generated_on : null,
    quality: (study, lang) => ask(`quality?${same(study, lang)}`),
    trend,
    charts,
    serviceArea,
    surface,
    siting,
    townships: (study, lang) => allItems("townships", same(study, lang)),
    load: async (view, lang) => (bundle ? fromBundle(view) : fromServer(view, lang)),
  };
}
