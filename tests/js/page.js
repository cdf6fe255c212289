// What the modules read of a page when they are loaded, for tests that have no browser. Import it
// before them: modules run in the order in which they are imported.

const words = {
  all_groups: "全部",
  any_of_group: "任一{group}",
  access_title: "可达面积",
  at_least: "不低于",
  district_total: "全区",
  data_state: "数据状态",
  col_counted: "计入面积",
  col_coverage: "{group}覆盖率",
  col_facilities: "设施数",
  col_gap: "缺口",
  col_per_10k: "每万人面积",
  col_population: "人口",
  col_unknown: "面积不明",
  everybody: "全体居民",
  headline: "每万人展厅面积",
  is_demonstration: "演示",
  kind: "类型",
  legend: "每万人展厅面积（平方米）",
  legend_accessible: "每万人可达面积（平方米）",
  legend_coverage: "覆盖率：{target}",
  measure_area_per_10k_m2: "面积",
  measure_accessible_area_per_10k_m2: "可达",
  measure_coverage: "覆盖",
  measure_surface: "需求点",
  on: "日期",
  own_name: "自选点{number}",
  people: "人",
  rests_on: "依据",
  school: "学校",
  siting_after_for: "{programme}·{audience}",
  siting_better: "好 {change}",
  siting_even: "一样",
  siting_lowest: "{programme}最低",
  siting_next_none: "无",
  siting_no_base: "无从比较",
  siting_plan: "方案{number}",
  siting_schools: "所学校",
  siting_target: "服务{audience}",
  siting_worse: "差 {change}",
  township: "乡镇",
  unknown: "不明",
  value_backup: "两处可达 {value}",
  value_covered: "新增 {value}",
  value_least_travel: "出行 {value}",
  value_shortest_worst: "最远 {value}",
  value_suitability: "适宜性 {worth}",
};

const pair = (/** @type {string} */ zh, /** @type {string} */ en) => ({ zh, en });

const settings = {
  lang: "zh",
  words: { zh: words, en: { ...words, any_of_group: "any of {group}" } },
  vocabulary: {
    labels: {
      audience: { youth: pair("青少年", "youth"), farmers: pair("农民", "farmers") },
      caliber: { B: pair("核定", "assessed") },
      group: { hall: pair("展馆", "halls"), base: pair("基地", "bases") },
      kind: { library: pair("图书馆", "libraries") },
      quality: { estimate: pair("估计", "estimate"), census: pair("普查", "census") },
      scope: { all: pair("属地", "all") },
      township_kind: { town: pair("镇", "town"), subdistrict: pair("街道", "subdistrict") },
    },
    symbols: { base: { colour: "#000000", path: "M0 0" }, hall: { colour: "#111111", path: "M0 0" } },
    site_symbols: [],
    classes: [
      { low: 0, high: 0.5, colour: "#a00000" },
      { low: 0.5, high: 1, colour: "#b00000" },
      { low: 1, high: null, colour: "#00c000" },
    ],
    coverage_classes: [
      { low: 0, high: 0.5, colour: "#000001" },
      { low: 0.5, high: 0.9, colour: "#000002" },
      { low: 0.9, high: null, colour: "#000003" },
    ],
  },
  basemap: null,
};

const page = /** @type {any} */ (globalThis);
page.document = {
  getElementById: (/** @type {string} */ id) =>
    id === "settings" ? { textContent: JSON.stringify(settings) } : null,
};
page.location = { search: "" };
