// A view as the configuration of a study that runs it again: the study's own, narrowed to what is shown.
import { caseText } from "./sentences.js";
import { CHOSEN } from "./study.js";

const PLAIN = /^[A-Za-z_][\w./-]*$/; // what YAML reads as text without quotes, but for some words
const WORDS = /^(true|false|null|yes|no|on|off|y|n)$/i;

/** @typedef {string | number | boolean | null | Value[] | { [key: string]: Value }} Value */

/** A value as YAML in one line. @param {Value} value @returns {string} */
export function inYaml(value) {
  if (Array.isArray(value)) return `[${value.map(inYaml).join(", ")}]`;
  if (value && typeof value === "object")
    return `{${Object.entries(value)
      .map(([key, part]) => `${inYaml(key)}: ${inYaml(part)}`)
      .join(", ")}}`;
  if (typeof value === "string") return PLAIN.test(value) && !WORDS.test(value) ? value : JSON.stringify(value);
  if (typeof value === "number") return String(value).replace(/^(-?\d+)e/, "$1.0e");
  return String(value);
}

/**
 * @param {import("./study.js").Study} study
 * @param {import("./state.js").State} state
 */
export function viewConfig(study, state) {
  const { config, rates } = study.content;
  const one = study.caseOf(state.block);
  const cells = (study.cellsOf[state.block] ?? []).filter((cell) => !state.without.includes(study.schemeOf(cell)));
  const ended = cells.map((cell) => study.ended(cell, CHOSEN)).filter((found) => found !== null);
  /** @type {any[]} */
  const listed = [config, ...config.further, ...config.initial].flatMap((grid) => grid.datasets ?? []);
  const schemes = cells.map((cell) => study.schemeOf(cell));
  /** @type {Record<string, Value>} */
  const view = {
    title: config.title,
    results_dir: "results/from_the_page",
    study_seed: config.study_seed,
    datasets: [listed.find((data) => data?.name === one.dataset) ?? one.dataset],
    architectures: [one.architecture ?? ""],
    widths: [one.width ?? 0],
    depths: [one.depth ?? 0],
    activations: [one.activation ?? ""],
    normalizations: [one.normalization ?? ""],
    optimizers: [one.optimizer ?? ""],
    schemes,
    learning_rates: state.rate ? [rates[state.rate - 1] ?? 0] : config.learning_rates,
    tuning: config.tuning,
    seeds: Math.max(0, ...ended.map((found) => found.n)) || config.seeds,
    ...(schemes.includes(config.reference) ? { reference: config.reference } : {}),
    looks: config.looks,
    training: ended.length ? config.training : { ...config.training, steps: 0 },
    thresholds: config.thresholds,
    extensions: config.extensions,
  };
  if (config.seed_axes && ended.length) view.seed_axes = config.seed_axes;
  return view;
}

/**
 * The text of the configuration, a key a line.
 * @param {import("./study.js").Study} study
 * @param {import("./state.js").State} state
 * @param {import("./words.js").Words} words
 */
export function viewYaml(study, state, words) {
  const named = caseText(study.caseOf(state.block), study.caseOf(study.content.first), study.choices, words);
  const lines = Object.entries(viewConfig(study, state)).map(([key, value]) => {
    const nested = value && typeof value === "object" && !Array.isArray(value);
    if (!nested) return `${key}: ${inYaml(value)}`;
    return [`${key}:`, ...Object.entries(value).map(([name, part]) => `  ${name}: ${inYaml(part)}`)].join("\n");
  });
  const schema = "# yaml-language-server: $schema=workflow/schemas/config.schema.json";
  return `${schema}\n# ${named.replace(/\s+/g, " ")}\n# snakemake --cores all --configfile view.yaml\n${lines.join("\n")}\n`;
}
