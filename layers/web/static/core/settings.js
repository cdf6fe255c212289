// @ts-check
// What the server has put into the page: language, words, vocabulary and basemap.

/**
 * Return the content of one of the page's JSON blocks.
 *
 * @param {string} id of the script element
 * @returns {any} null where the page has no such block
 */
export const block = (id) => {
  const element = document.getElementById(id);
  return element ? JSON.parse(element.textContent ?? "") : null;
};

/** @type {Settings} */
export const settings = block("settings");

const requested = new URLSearchParams(location.search).get("lang");

/** @type {Lang} */
export const lang = requested === "en" || requested === "zh" ? requested : settings.lang;

export const words = settings.words[lang];
export const vocabulary = settings.vocabulary;

/** How long typing rests, in milliseconds, before the value is read. */
export const TYPING_MS = 400;
