// The numbers of a case as a table, and as a CSV file.
import { fixed, number, rateText } from "./numbers.js";
import { CHOSEN, decoded } from "./study.js";
import { escaped } from "./words.js";

/** @typedef {import("./study.js").Study} Study */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("./words.js").Words} Words */

export const COLUMNS = [
  "learning_rate",
  "test_accuracy",
  "low",
  "high",
  "seeds",
  "trained",
  "slow",
  "stalled",
  "diverged",
  "updates",
];

/**
 * The rows of a case: what each start reached at the rate that is shown.
 * @param {Study} study
 * @param {State} state
 */
export function rowsOf(study, state) {
  const cells = (study.cellsOf[state.block] ?? []).filter((cell) => !state.without.includes(study.schemeOf(cell)));
  return cells.map((cell) => {
    const ended = study.ended(cell, state.rate);
    const { chosen, edge } = study.content.cells;
    /** @type {Record<string, number | null>} */
    const values = {
      learning_rate: state.rate === CHOSEN ? (chosen[cell] ?? null) : (study.content.rates[state.rate - 1] ?? null),
      test_accuracy: decoded(ended?.score, "score"),
      low: decoded(ended?.low, "score"),
      high: decoded(ended?.high, "score"),
      seeds: ended?.n ?? null,
      trained: ended?.trained ?? null,
      slow: ended?.slow ?? null,
      stalled: ended?.stalled ?? null,
      diverged: ended?.diverged ?? null,
      updates: ended?.updates ?? null,
    };
    return {
      cell,
      scheme: study.schemeOf(cell),
      edge: state.rate === CHOSEN && edge[cell] === 1,
      values,
      trained: ended !== null,
    };
  });
}

/** @param {string} column @param {number | null} value */
const shown = (column, value) => {
  if (value === null) return "";
  if (column === "learning_rate") return rateText(value);
  return ["test_accuracy", "low", "high"].includes(column) ? fixed(value, 3) : number(value);
};

/**
 * The table as HTML.
 * @param {Study} study
 * @param {State} state
 * @param {string} caption
 * @param {Words} words
 */
export function numbersTable(study, state, caption, words) {
  const rows = rowsOf(study, state);
  const { config } = study.content;
  const heads = COLUMNS.map(
    (column) =>
      `<th scope="col" class="n">${escaped(words.say(`column_${column}`, { steps: config.training.steps, target: fixed(100 * config.thresholds.target_accuracy, 0) }))}</th>`,
  );
  const body = rows.map(({ scheme, edge, values, trained }) => {
    const marks = COLUMNS.map((column) => {
      const text =
        column === "updates" && trained && values.updates === null
          ? words.say("never")
          : shown(column, values[column] ?? null);
      return `<td class="n">${escaped(text)}${column === "learning_rate" && edge ? " †" : ""}</td>`;
    });
    return `<tr><th scope="row">${escaped(scheme)}</th>${marks.join("")}</tr>`;
  });
  const note = rows.some((row) => row.edge) ? `<p class="note">† ${escaped(words.say("edge"))}</p>` : "";
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escaped(caption)}"><table class="numbers"><caption>${escaped(caption)}</caption><thead><tr><th scope="col">${escaped(words.term("scheme"))}</th>${heads.join("")}</tr></thead><tbody>${body.join("")}</tbody></table></div>${note}`;
}

/** A field of a CSV file; what a spreadsheet would take for a formula stays text. @param {string | number | null | undefined} value */
const field = (value) => {
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** The numbers of a case as CSV: its axes, the start, and the columns of the table. @param {Study} study @param {State} state */
export function csvOf(study, state) {
  const one = study.caseOf(state.block);
  const heads = [...study.axes, "scheme", ...COLUMNS];
  const rows = rowsOf(study, state).map(({ scheme, values }) => [
    ...study.axes.map((axis) => one[axis]),
    scheme,
    ...COLUMNS.map((column) => values[column]),
  ]);
  return [heads, ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}
