// Words, figures and elements. Every datum enters the page through `text`, as text.
"use strict";
{
  const block = (id) => {
    const element = document.getElementById(id);
    return element ? JSON.parse(element.textContent) : null;
  };
  const settings = block("settings");
  const asked = new URLSearchParams(location.search).get("lang");
  const lang = asked === "en" || asked === "zh" ? asked : settings.lang;
  const words = settings.words[lang];
  const vocabulary = settings.vocabulary;

  // Replaces {name} in one of our own sentences; what goes in stays text.
  const say = (key, values = {}) =>
    words[key].replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));

  const label = (name, term) => {
    const found = (vocabulary.labels[name] || {})[term];
    return found ? found[lang] : term == null ? "" : String(term);
  };

  // How long typing rests before what stands is read.
  const TYPING_MS = 400;

  const locale = lang === "zh" ? "zh-CN" : "en-GB";
  const figure = (value, digits = 1) =>
    value == null
      ? "—"
      : value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const whole = (value) => (value == null ? "—" : Math.round(value).toLocaleString(locale));
  const percent = (value) =>
    value == null
      ? "—"
      : // Almost all is not all, and almost nobody is somebody.
        (value < 1 ? Math.min(value, 0.9994) : value).toLocaleString(locale, {
          style: "percent",
          minimumFractionDigits: 1,
          maximumFractionDigits: 1,
        });

  // make("td.number", "text", child, ...) builds an element; strings become text nodes.
  const make = (shape, ...children) => {
    const [tag, ...classes] = shape.split(".");
    const element = document.createElement(tag);
    if (classes.length) element.className = classes.join(" ");
    for (const child of children) {
      if (child == null || child === false) continue;
      element.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
    return element;
  };

  const bracket = (text) => (lang === "zh" ? `（${text}）` : ` (${text})`);

  const drawing = (tag, attributes) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };

  const symbol = (group, size = 20) => {
    const sign = vocabulary.symbols[group];
    const box = drawing("svg", { viewBox: "0 0 20 20", width: size, height: size, "aria-hidden": "true" });
    box.append(
      drawing("path", { d: sign.path, fill: sign.colour, stroke: "#ffffff", "stroke-width": "1.6" }),
    );
    return box;
  };

  const targetName = (group, kind) =>
    kind ? label("kind", kind) : say("any_of_group", { group: label("group", group) });

  window.kepu = {
    block, settings, lang, words, vocabulary, say, label, figure, whole, percent, bracket, make, drawing,
    symbol, targetName, TYPING_MS,
  };
}
