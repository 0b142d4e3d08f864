// The words of the page in one language, filled in; what code gives them is text.
import { number } from "./numbers.js";

/** @typedef {Record<string, string>} Texts */
/** @typedef {{ explorer: Texts, terms: Texts }} Catalogue */
/** @typedef {{ language: string, say: (key: string, values?: Record<string, string | number>) => string, has: (key: string) => boolean, term: (name: string | number) => string, joined: (names: string[]) => string }} Words */

/**
 * @param {Record<string, Catalogue>} catalogues
 * @param {string} language
 * @returns {Words}
 */
export function wordsIn(catalogues, language) {
  const { explorer, terms } = catalogues[language] ?? catalogues.en ?? { explorer: {}, terms: {} };
  /** @param {string} key @param {Record<string, string | number>} [values] */
  const say = (key, values = {}) =>
    (explorer[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => {
      const value = values[name];
      return value === undefined ? whole : typeof value === "number" ? number(value) : value;
    });
  return {
    language,
    say,
    has: (key) => key in explorer,
    term: (name) => terms[String(name)] ?? String(name),
    joined: (names) =>
      names.length < 2 ? (names[0] ?? "") : names.slice(0, -1).join(terms.comma) + terms.and + names.at(-1),
  };
}

/** @param {string | number} value */
export const escaped = (value) => String(value).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
