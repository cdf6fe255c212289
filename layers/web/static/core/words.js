// @ts-check
// Words and figures as the page's language writes them.

import { lang, vocabulary, words } from "./settings.js";

/** What stands for a value that is not known. */
export const NONE = "—";
/** Between clauses of a line, and between the items of a list. */
export const CLAUSE_MARK = lang === "zh" ? "；" : "; ";
export const LIST_MARK = lang === "zh" ? "、" : ", ";

// Almost all is not all, and almost nobody is somebody: 99.96% is not written as 100.0%.
const MOST_OF_PART = 0.9994;

/**
 * Return one of the page's own sentences with {name} replaced by values.
 *
 * @param {string} key
 * @param {Record<string, unknown>} [values] they stay text: whoever shows the result sets textContent
 */
export const translate = (key, values = {}) =>
  words[key].replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));

/**
 * Return the label of a term, or the term itself where the vocabulary lacks it.
 *
 * @param {string} name of the vocabulary, such as "kind"
 * @param {string | null | undefined} term
 */
export const label = (name, term) => {
  if (term == null) return "";
  const labels = (vocabulary.labels[name] || {})[term];
  return labels ? labels[lang] : String(term);
};

const locale = lang === "zh" ? "zh-CN" : "en-GB";

/**
 * Return a number with a fixed count of decimals.
 *
 * @param {number | null | undefined} value
 * @param {number} [digits]
 */
export const figure = (value, digits = 1) =>
  value == null
    ? NONE
    : value.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });

/**
 * Return a number without decimals.
 *
 * @param {number | null | undefined} value
 */
export const whole = (value) => (value == null ? NONE : Math.round(value).toLocaleString(locale));

/**
 * Return a share as per cent with one decimal.
 *
 * @param {number | null | undefined} value 1 is all
 */
export const percent = (value) =>
  value == null
    ? NONE
    : (value < 1 ? Math.min(value, MOST_OF_PART) : value).toLocaleString(locale, {
        style: "percent",
        minimumFractionDigits: 1,
        maximumFractionDigits: 1,
      });

/**
 * Return a text in the language's brackets.
 *
 * @param {string} text
 */
export const bracket = (text) => (lang === "zh" ? `（${text}）` : ` (${text})`);

/**
 * Return a row's text in the page's language: of "programme" that in programme_zh or programme_en.
 *
 * @param {any} row
 * @param {string} name without the language
 * @returns {string}
 */
export const localised = (row, name) => row[`${name}_${lang}`];

/**
 * Return the name of what coverage is computed for: a kind, or any facility of a group.
 *
 * @param {string} group
 * @param {string | null} kind
 */
export const targetName = (group, kind) =>
  kind ? label("kind", kind) : translate("any_of_group", { group: label("group", group) });

/**
 * Return the identifier of what coverage is computed for, as gaps and addresses name it.
 *
 * @param {{ group: string, kind: string | null }} row
 */
export const targetId = (row) => row.kind || `any-${row.group}`;

/**
 * Return an area in square metres with its unit.
 *
 * @param {number | null | undefined} value
 */
export const squareMetres = (value) => (value == null ? translate("unknown") : `${figure(value, 1)} m²`);

/**
 * Return what a study's figures rest on: date, caliber, scope and population.
 *
 * @param {Study} study
 */
export const basisText = (study) =>
  [
    study.on,
    label("caliber", study.caliber),
    label("scope", study.scope),
    `${study.denominator[lang]}${bracket(label("quality", study.denominator.quality))}`,
  ].join(" · ");
