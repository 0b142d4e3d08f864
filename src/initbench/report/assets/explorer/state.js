// What a reader has chosen, kept in the address after "#"; what others keep there (the language, an anchor) is left alone.

export const VIEWS = ["hero", "layers", "curves", "accuracy", "numbers", "ranking", "config"];
const OWN = ["view", "quantity", "curve", "update", "rate", "without", "blocks"];

/** @typedef {import("./study.js").Study} Study */
/**
 * @typedef {object} State
 * @property {number} block
 * @property {string} view
 * @property {string} quantity
 * @property {string} curve
 * @property {number} update
 * @property {number} rate 0: the chosen one, else the place of one that was tried, from 1
 * @property {string[]} without schemes that are not shown
 * @property {number[]} blocks those that count in the reader's own ranking
 */

/** @param {Study} study @returns {State} */
export function firstState(study) {
  const { layers, curves, first } = study.content;
  return {
    block: first,
    view: "layers",
    quantity: Object.keys(layers)[0] ?? "",
    curve: Object.keys(curves)[0] ?? "",
    update: 0,
    rate: 0,
    without: [],
    blocks: [first],
  };
}

/** What stands after "#" as settings; nothing for an anchor. @param {string} hash */
export const settings = (hash) => new URLSearchParams(hash.includes("=") ? hash.slice(1) : "");

/**
 * The state that an address says; what it does not say, or says of nothing that there is, is as at first.
 * @param {Study} study
 * @param {string} hash
 * @returns {State}
 */
export function read(study, hash) {
  const [said, state] = [settings(hash), firstState(study)];
  const wished = study.caseOf(state.block);
  for (const axis of study.axes) {
    const value = study.content.axes[axis]?.find((known) => String(known) === said.get(axis));
    if (value !== undefined) wished[axis] = value;
  }
  const block = study.nearest(wished);
  /** @param {string} key @param {string[]} known @param {string} otherwise */
  const one = (key, known, otherwise) => known.find((name) => name === said.get(key)) ?? otherwise;
  const rate = study.content.rates.findIndex((known) => String(known) === said.get("rate")) + 1;
  const update = Number(said.get("update") ?? 0);
  const blocks = (said.get("blocks") ?? "").split(".").filter(Boolean).map(Number);
  return {
    block,
    view: one("view", VIEWS, state.view),
    quantity: one("quantity", Object.keys(study.content.layers), state.quantity),
    curve: one("curve", Object.keys(study.content.curves), state.curve),
    update: study.stepsAt(rate).includes(update) ? update : 0,
    rate,
    without: said.getAll("without").filter((name) => study.content.schemes.includes(name)),
    blocks: blocks.length ? blocks.filter((place) => place in study.content.blocks) : [block],
  };
}

/**
 * The address that says a state, with what others keep in the one there is.
 * @param {Study} study
 * @param {State} state
 * @param {string} hash
 */
export function written(study, state, hash) {
  const said = settings(hash);
  for (const key of [...OWN, ...study.axes]) said.delete(key);
  const first = firstState(study);
  for (const axis of study.choices) said.set(axis, String(study.caseOf(state.block)[axis]));
  for (const key of /** @type {const} */ (["view", "quantity", "curve", "update"]))
    if (state[key] !== first[key]) said.set(key, String(state[key]));
  if (state.rate) said.set("rate", String(study.content.rates[state.rate - 1]));
  for (const name of state.without) said.append("without", name);
  if (state.blocks.length !== 1 || state.blocks[0] !== state.block) said.set("blocks", state.blocks.join("."));
  return `#${said}`;
}
