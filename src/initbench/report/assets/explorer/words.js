// The words of the page in one language, filled in; what code gives them is text.
import { number } from "./numbers.js";

/** @typedef {Record<string, string>} Texts */
/** @typedef {{ explorer: Texts, terms: Texts }} Catalogue */
/** @typedef {{ language: string, say: (key: string, values?: Record<string, string | number>) => string, has: (key: string) => boolean, term: (name: string | number) => string, joined: (names: string[]) => string, points: (share: number) => string }} Words */

// Chinese writes no spaces between its own characters, nor beside its punctuation; the same as in base/catalogue.py.
const FULL = "\u3001-\u303f\u4e00-\u9fff\uff01-\uff5e";
const SPACES = new RegExp(`(?<=[${FULL}]) (?=[${FULL}])|(?<=[，。；：、（）]) | (?=[，。；：、（）])`, "g");

/**
 * @param {Record<string, Catalogue>} catalogues
 * @param {string} language
 * @returns {Words}
 */
export function wordsIn(catalogues, language) {
  const { explorer, terms } = catalogues[language] ?? catalogues.en ?? { explorer: {}, terms: {} };
  const spaced = (/** @type {string} */ text) => (language === "zh" ? text.replace(SPACES, "") : text);
  /** @param {string} text @param {Record<string, string | number>} values */
  const filled = (text, values) =>
    spaced(
      text.replace(/\{(\w+)\}/g, (whole, name) => {
        const value = values[name];
        return value === undefined ? whole : typeof value === "number" ? number(value) : value;
      }),
    );
  return {
    language,
    say: (key, values = {}) => filled(explorer[key] ?? key, values),
    has: (key) => key in explorer,
    term: (name) => terms[String(name)] ?? String(name),
    joined: (names) =>
      names.length < 2 ? (names[0] ?? "") : spaced(names.slice(0, -1).join(terms.comma) + terms.and + names.at(-1)),
    points: (share) => filled(terms.points ?? "{n}", { n: String(Number((100 * share).toFixed(6))) }),
  };
}

/** @param {string | number} value */
export const escaped = (value) => String(value).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
