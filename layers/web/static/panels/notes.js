// @ts-check
// The notes below the map, and the lines that stand on top of the page and on paper.

import { byId, make } from "../core/elements.js";
import { lang } from "../core/settings.js";
import { generatedOn, isFile } from "../core/source.js";
import { label, localised, translate } from "../core/words.js";
import { titleText } from "./legend.js";

/** @param {Study} study */
const findings = (study) => {
  const { length } = study.findings;
  return make(
    "div",
    make("h2", `${translate("findings")} (${length})`),
    length
      ? make("ul", ...study.findings.map((row) => make("li", row[lang])))
      : make("p", translate("no_findings")),
  );
};

/** @param {Study} study */
const sources = (study) => {
  const items = study.sources.map((row) => {
    const quality = label("quality", row.quality);
    const facts = [row.publisher, row.published_on, row.licence, quality, row.original_datum];
    return make("li", make("b", localised(row, "title")), " — ", facts.filter(Boolean).join(" · "));
  });
  return make("div", make("h2", translate("sources")), make("ul.sources", ...items));
};

const serviceLink = () => {
  const link = make("a", translate("service"));
  link.href = lang === "en" ? "/service?lang=en" : "/service";
  return link;
};

/** @param {Study} study */
const about = (study) => {
  const { denominator, scenario, profile } = study;
  const lines = [
    study.map.schematic && translate("schematic_note"),
    study.demonstration && translate("demonstration"),
    study.townships.some((row) => row.population_quality === "estimate") && translate("estimate_note"),
    translate("coverage_note", { surface: study.surface[lang], travel: study.travel[lang] }),
    study.edge[lang],
    denominator.basis && `${denominator[lang]}: ${denominator.basis}`,
    `${translate("digest")} ${scenario.name} ${scenario.digest}`,
    `${translate("profile")} ${localised(profile, "profile")}`,
    ...profile.rules.map((rule) => rule[lang]),
    generatedOn && translate("generated", { date: generatedOn }),
    !isFile && serviceLink(),
  ];
  const items = lines.filter(Boolean).map((line) => make("li", /** @type {Child} */ (line)));
  return make("div", make("h2", translate("about")), make("ul", ...items));
};

// On every sheet of paper, since sheets are passed on one by one.
const printMark = (/** @type {Study} */ study) => {
  const number = study.map.approval_number;
  return [
    study.demonstration && translate("demonstration"),
    number ? translate("approval", { number }) : translate("no_approval"),
    study.map.schematic && translate("schematic_note"),
  ]
    .filter(Boolean)
    .join(" · ");
};

/**
 * Draw the notes of a study.
 *
 * @param {Study} study
 * @param {View} view
 */
export const draw = (study, view) => {
  const { district } = study;
  byId("notes").replaceChildren(findings(study), sources(study), about(study));
  byId("print-mark").textContent = printMark(study);
  byId("demonstration").hidden = !study.demonstration;
  byId("page-subtitle").textContent = `${district.name_zh} ${district.district_code} · ${study.on}`;
  document.title = `${titleText(study, view)} · ${study.on}`;
};
