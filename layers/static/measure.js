// What the map's colours show: one measure at a time, with its classes and its words.
"use strict";
{
  const { say, figure, percent, vocabulary, lang, targetName } = window.kepu;

  const area = (key, bound, name, title) => (study) => {
    const target = study.district.target_area_per_10k_m2;
    return {
      name: say(name),
      title: say(title),
      classes: vocabulary.classes.map((item) => ({
        ...item,
        low: item.low * target,
        high: item.high == null ? null : item.high * target,
        turns: item.low === 1,
        met: item.low >= 1,
      })),
      value: (row) => row[key],
      text: (row) => (row[key] == null ? "—" : `${row[bound] ? "≥" : ""}${figure(row[key], 0)}`),
      range: (item) => (item.high == null ? `≥ ${figure(item.low, 0)}` : `${figure(item.low, 0)} – ${figure(item.high, 0)}`),
      target: `${figure(target, 0)} m² · ${lang === "zh" ? "目标" : "target"}`,
    };
  };

  const coverage = (study, view) => {
    const found = study.district.coverage.find((row) => window.kepu.panel.gapId(row) === view.gap);
    const value = (row) => {
      if (!found) return null;
      const rate = found.kind ? row.coverage_rate_by_kind[found.kind] : row.coverage_rate[found.group];
      return rate == null ? null : rate;
    };
    const share = (part) => `${figure(part * 100, 0)}%`;
    const title = say("legend_coverage", { target: found ? targetName(found.group, found.kind) : "—" });
    return {
      name: title,
      title,
      classes: vocabulary.coverage_classes.map((item) => ({ ...item, turns: false, met: false })),
      value,
      text: (row) => percent(value(row)),
      range: (item) => (item.high == null ? `≥ ${share(item.low)}` : `${share(item.low)} – ${share(item.high)}`),
      target: "",
    };
  };

  const MEASURES = {
    "": area("area_per_10k_m2", "is_lower_bound", "headline", "legend"),
    accessible: area("accessible_area_per_10k_m2", "accessible_is_lower_bound", "access_title", "legend_accessible"),
    coverage,
    // Its colours are the demand points', so that a count of townships beside them would mislead.
    surface: (study, view) => ({ ...MEASURES.accessible(study, view), atPoints: true }),
  };

  const measureOf = (study, view) => (MEASURES[view.measure] || MEASURES[""])(study, view);

  const classOf = (measure, row) => {
    const value = measure.value(row);
    if (value == null) return null;
    return measure.classes.find((item) => value >= item.low && (item.high == null || value < item.high)) || null;
  };

  const names = () => [
    ["", say("measure_area_per_10k_m2")],
    ["accessible", say("measure_accessible_area_per_10k_m2")],
    ["coverage", say("measure_coverage")],
    // Thousands of cells: of the server alone, a file would be twice its size.
    ...(window.kepu.source.isFile ? [] : [["surface", say("measure_surface")]]),
  ];

  window.kepu.measure = { measureOf, classOf, names };
}
