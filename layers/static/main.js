// Reads the address, loads the data, draws, and keeps the address in step.
"use strict";
{
  const { say, label, lang, words, make, vocabulary, source, map, panel, table, quality, analysis, card, siting, targetName, TYPING_MS } = window.kepu;
  const NAMES = ["on", "caliber", "scope", "denominator", "group", "gap", "sort", "measure", "audience"];
  const form = document.getElementById("choices");
  const view = {};
  let first = true;
  let asked = 0;
  let study = null;
  let trend = null;

  const readAddress = () => {
    const given = new URLSearchParams(location.search);
    for (const name of NAMES) view[name] = given.get(name) || "";
    if (!given.has("gap")) view.gap = view.group ? `any-${view.group}` : "any-service_centre";
    if (view.gap === "none") view.gap = "";
  };

  const writeAddress = () => {
    const kept = new URLSearchParams();
    for (const name of NAMES) if (view[name]) kept.set(name, view[name]);
    if (!view.gap) kept.set("gap", "none");
    if (lang !== "zh") kept.set("lang", lang);
    try {
      history.replaceState(null, "", `?${kept}`);
    } catch {
      // A file opened from a stick keeps its address in some browsers.
    }
  };

  // What went wrong stands out; only what can be tried again has a button for it.
  const tell = (text, failed, isFinal) => {
    const place = document.getElementById("message");
    document.getElementById("message-text").textContent = text;
    document.getElementById("retry").hidden = !failed || Boolean(isFinal);
    place.classList.toggle("failed", Boolean(failed));
    place.hidden = !text;
  };

  const options = (name, pairs, chosen) => {
    form.elements[name].replaceChildren(
      ...pairs.map(([value, text]) => {
        const option = make("option", text);
        option.value = value;
        option.selected = value === chosen;
        return option;
      }),
    );
  };

  const fillForm = (study) => {
    form.elements.on.defaultValue = study.on;
    // A date that is being typed stays as it is.
    if (form.elements.on !== document.activeElement) form.elements.on.value = study.on;
    form.elements.on.disabled = source.isFile;
    options("caliber", study.options.calibers.map((item) => [item, label("caliber", item)]), study.caliber);
    options("scope", study.options.scopes.map((item) => [item, label("scope", item)]), study.scope);
    options("denominator", study.options.denominators.map((item) => [item.id, item[lang]]), study.denominator.id);
    const groups = Object.keys(vocabulary.symbols).map((item) => [item, label("group", item)]);
    options("group", [["", say("all_groups")], ...groups], view.group);
    const targets = study.district.coverage
      .filter((row) => !view.group || row.group === view.group)
      .sort((a, b) => Boolean(a.kind) - Boolean(b.kind));
    options(
      "gap",
      [["", say("no_gap_layer")], ...targets.map((row) => [panel.gapId(row), targetName(row.group, row.kind)])],
      view.gap,
    );
    more();
  };

  const refresh = async () => {
    const turn = ++asked;
    tell(say("loading"));
    try {
      const data = await source.load(view, lang);
      if (turn !== asked) return;
      fillForm(data.study);
      panel.draw(data, view);
      map.draw(data, view, first);
      table.draw(data.study, view.sort);
      study = data.study;
      card.draw(study, trend);
      first = false;
      const [found] = await Promise.all([analysis.draw(study), quality.draw(study)]);
      if (turn !== asked) return;
      trend = found;
      card.draw(study, trend);
      await siting.draw(study);
      if (turn !== asked) return;
      tell("");
      document.documentElement.dataset.ready = "yes";
    } catch (error) {
      if (turn !== asked) return;
      tell(`${say("failed")}: ${error.message}`, true);
    }
  };

  const applyWords = () => {
    document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
    for (const element of document.querySelectorAll("[data-word]")) {
      element.textContent = words[element.dataset.word];
    }
    for (const element of document.querySelectorAll("[data-word-label]")) {
      element.setAttribute("aria-label", words[element.dataset.wordLabel]);
    }
    document.getElementById("page-title").textContent = say("product");
    document.getElementById("language").textContent = say("language");
  };

  let typing = 0;

  const refuseDate = (field) =>
    tell(say("date_refused", { first: field.min, last: field.max, on: field.defaultValue }), true, true);

  // A year that is typed passes by 0002 on its way to 2025: what stands is read when the typing rests.
  const typeDate = (field) => {
    clearTimeout(typing);
    typing = setTimeout(() => {
      if (!field.value || !field.validity.valid) return refuseDate(field);
      if (field.value === view.on) return tell("");
      view.on = field.value;
      writeAddress();
      refresh();
    }, TYPING_MS);
  };

  // Whoever leaves the field without a date that is possible is told so, and sees the one that holds.
  form.elements.on.addEventListener("blur", ({ target }) => {
    if (target.value && target.validity.valid) return;
    clearTimeout(typing);
    target.value = target.defaultValue;
    refuseDate(target);
  });

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", (event) => {
    const { name, value } = event.target;
    if (!(name in view)) return;
    if (name === "on") return void typeDate(event.target);
    view[name] = value;
    if (name === "group" && value) view.gap = `any-${value}`;
    writeAddress();
    refresh();
  });
  document.getElementById("language").addEventListener("click", () => {
    const given = new URLSearchParams(location.search);
    given.set("lang", lang === "zh" ? "en" : "zh");
    location.search = given;
  });
  document.getElementById("print").addEventListener("click", () => window.print());
  document.getElementById("retry").addEventListener("click", refresh);

  // The map fills the first screen, however many lines the choices take.
  const head = document.querySelector(".top");
  new ResizeObserver(() => {
    document.documentElement.style.setProperty("--top", `${head.offsetHeight}px`);
  }).observe(head);

  // On a phone the choices take one line, with a sign while there are more of them.
  const more = () => form.classList.toggle("more", form.scrollLeft + form.clientWidth < form.scrollWidth - 8);
  form.addEventListener("scroll", more, { passive: true });
  new ResizeObserver(more).observe(form);

  readAddress();
  applyWords();
  const choose = (code) => {
    table.mark(code);
    card.choose(code);
    if (study) card.draw(study, trend);
  };
  map.setUp({ onTownship: choose });
  panel.setUp({
    onAudience: (audience) => {
      view.audience = audience;
      writeAddress();
      panel.draw({ study }, view);
      map.drawGaps(view);
      document.querySelector("select[name=audience]").focus();
    },
    onMeasure: (name) => {
      view.measure = name;
      writeAddress();
      refresh().then(() => document.querySelector("select[name=measure]").focus());
    },
  });
  table.setUp({
    onLocate: (code) => {
      map.locate(code);
      choose(code);
      document.getElementById("map-region").scrollIntoView({ block: "nearest" });
    },
    onSort: (sort) => {
      view.sort = sort;
      writeAddress();
    },
  });
  refresh();
}
