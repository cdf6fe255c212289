// @ts-check
// The map's title block and its legend.

import { byId, chooser, make, symbol } from "../core/elements.js";
import { vocabulary } from "../core/settings.js";
import { basisText, label, targetId, targetName, translate } from "../core/words.js";
import { classOf, measureNames, measureOf } from "../map/measures.js";
import { legend as sitesLegend } from "../siting/sites.js";

/** @type {(measure: string) => void} */
let onMeasure = () => {};

/**
 * Return the map's title.
 *
 * @param {Study} study
 * @param {View} view
 */
export const titleText = (study, view) =>
  translate("title", { district: study.district.name_zh, measure: measureOf(study, view).name });

/**
 * @param {Study} study
 * @param {View} view
 */
const drawTitle = (study, view) => {
  const number = study.map.approval_number;
  byId("title-block").replaceChildren(
    make("strong", titleText(study, view)),
    make("span", basisText(study)),
    make(
      "span.marks",
      study.map.schematic && make("b.mark", translate("schematic")),
      make("b.mark", number ? translate("approval", { number }) : translate("no_approval")),
      study.demonstration && make("b.mark.demo", translate("is_demonstration")),
    ),
  );
};

/**
 * @param {Study} study
 * @param {Measure} measure
 */
const classList = (study, measure) => {
  /** @type {Map<MeasureClass | null, number>} */
  const counts = new Map();
  for (const row of study.townships) {
    const item = classOf(measure, row);
    counts.set(item, (counts.get(item) || 0) + 1);
  }
  const count = (/** @type {MeasureClass | null} */ item) =>
    measure.isOfPoints ? null : make("small", translate("legend_count", { count: counts.get(item) || 0 }));
  const list = make("ul");
  for (const item of [...measure.classes].reverse()) {
    const swatch = make("span.swatch");
    swatch.style.backgroundColor = item.colour;
    if (item.isMet) swatch.classList.add("met");
    list.append(make("li", swatch, make("span", measure.range(item)), count(item)));
    if (item.isTarget) list.append(make("li.divide", make("span", measure.target)));
  }
  if (counts.has(null)) {
    list.append(make("li", make("span.swatch.none"), make("span", translate("no_data")), count(null)));
  }
  return list;
};

/**
 * @param {Study} study
 * @param {View} view
 */
const gapItem = (study, view) => {
  const gap = study.district.coverage.find((row) => targetId(row) === view.gap);
  if (!gap) return null;
  const text = translate("legend_gap", { target: targetName(gap.group, gap.kind) });
  const audience = view.audience && label("audience", view.audience);
  return make("li", make("span.swatch.hatch"), make("span", [text, audience].filter(Boolean).join(" · ")));
};

/** @param {View} view */
const groupList = (view) => {
  const groups = Object.keys(vocabulary.symbols).filter((group) => !view.group || view.group === group);
  return make("ul.signs", ...groups.map((group) => make("li", symbol(group, 14), label("group", group))));
};

/**
 * @param {Study} study
 * @param {View} view
 */
const drawLegend = (study, view) => {
  const measure = measureOf(study, view);
  const list = classList(study, measure);
  const gap = gapItem(study, view);
  if (gap) list.append(gap);
  const choice = chooser("measure", measureNames(), view.measure, (name) => onMeasure(name));
  byId("legend").replaceChildren(
    make("label.measure", `${translate("measure")} `, choice),
    make("h2", measure.title),
    list,
    groupList(view),
    sitesLegend,
  );
};

/**
 * Draw title block and legend of a view.
 *
 * @param {Study} study
 * @param {View} view
 */
export const draw = (study, view) => {
  drawTitle(study, view);
  drawLegend(study, view);
};

/**
 * Set what follows when a measure is chosen.
 *
 * @param {{ onMeasure: (measure: string) => void }} choices
 */
export const setUp = (choices) => {
  ({ onMeasure } = choices);
};
