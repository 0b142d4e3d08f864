// A study as the page knows it: unpacked from the data in the page, and looked up by case, cell and fit.
// What the numbers mean is said in report/explorer/data.py and packing.py.

export const CHOSEN = 0; // the fit at the chosen rate; those at the rates tried are numbered from 1
const ZERO = 99_999; // in place of the logarithm of exactly zero
const STEPS = { share: 1000, count: 2, score: 10_000 };

/** @typedef {Record<string, string | number>} Case */
/** @typedef {number | null} Code */
/** @typedef {{ best: number[], as_good: number[], undecided: number[], worse: number[] }} Lists */
/** @typedef {{ kind: string, start: Code[], later: Code[] }} Quantity */
/**
 * @typedef {object} Content
 * @property {Record<string, (string | number)[]>} axes
 * @property {string[]} schemes
 * @property {[string, string, string, string][]} looks
 * @property {number[]} rates
 * @property {number[][]} blocks
 * @property {number} first
 * @property {{ block: number[], scheme: number[], chosen: Code[], edge: Code[] }} cells
 * @property {Record<string, Code[]>} fits
 * @property {{ values: number[], of: Code[][], seeds: number[] }} scores
 * @property {(Lists | null)[]} best
 * @property {Record<string, number>} classes
 * @property {Record<string, any>} config
 * @property {{ chosen: number[], tried: number[] }} steps
 * @property {Record<string, Quantity>} layers
 * @property {Record<string, { kind: string, values: Code[] }>} curves
 * @property {Record<string, import("./words.js").Catalogue>} words
 */
/** @typedef {{ n: number, trained: number, slow: number, stalled: number, diverged: number, score: number, low: Code, high: Code, reached: number, updates: Code }} Ended */

/**
 * The data of the page: base64 of deflated JSON.
 * @param {string} text
 * @returns {Promise<Content>}
 */
export async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text.trim()), (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return JSON.parse(await new Response(stream).text());
}

/**
 * A packed number again; null where the study has none.
 * @param {Code | undefined} code
 * @param {string} kind
 * @returns {number | null}
 */
export function decoded(code, kind) {
  if (code === null || code === undefined) return null;
  if (kind === "log") return code === ZERO ? 0 : 10 ** (code / 100);
  return code / STEPS[/** @type {"share" | "count" | "score"} */ (kind)];
}

/** @param {Code | undefined} code */
export const isZero = (code) => code === ZERO;

/** A study with what is needed to look things up. */
export class Study {
  /** @param {Content} content */
  constructor(content) {
    this.content = content;
    this.axes = Object.keys(content.axes);
    /** @type {number[][]} */
    this.cellsOf = content.blocks.map(() => []);
    for (const [cell, block] of content.cells.block.entries()) this.cellsOf[block]?.push(cell);
    /** @type {Map<string, number>} */
    this.fitOf = new Map();
    const { fits, steps } = content;
    const depths = content.cells.block.map((block) => Number(this.caseOf(block).depth));
    this.startAt = running(depths);
    const kept = (fits.rate ?? []).map((rate) => (rate === CHOSEN ? steps.chosen : steps.tried).length);
    this.laterAt = running(kept.map((count, fit) => count * (depths[fits.cell?.[fit] ?? 0] ?? 0)));
    this.curveAt = running(kept.map((count) => count + 1));
    for (const [fit, cell] of (fits.cell ?? []).entries()) this.fitOf.set(`${cell} ${fits.rate?.[fit]}`, fit);
  }

  /** @param {number} block @returns {Case} */
  caseOf(block) {
    const places = this.content.blocks[block] ?? [];
    return Object.fromEntries(this.axes.map((axis, i) => [axis, this.content.axes[axis]?.[places[i] ?? 0] ?? ""]));
  }

  /** The axes that a reader can choose: those of several values. */
  get choices() {
    return this.axes.filter((axis) => (this.content.axes[axis] ?? []).length > 1);
  }

  /**
   * The block that is most like a wished case: first by the axis that was just chosen, then by the others in their order.
   * @param {Case} wished
   * @param {string} [first]
   */
  nearest(wished, first) {
    const order = [...this.axes].sort((a, b) => Number(b === first) - Number(a === first));
    let [best, most] = [this.content.first, -1];
    for (let block = 0; block < this.content.blocks.length; block++) {
      const found = this.caseOf(block);
      let merit = 0;
      for (const axis of order) merit = 2 * merit + Number(found[axis] === wished[axis]);
      if (merit > most) [best, most] = [block, merit];
    }
    return best;
  }

  /** @param {number} cell */
  schemeOf(cell) {
    return this.content.schemes[this.content.cells.scheme[cell] ?? 0] ?? "";
  }

  /** @param {number} cell */
  lookOf(cell) {
    const [colour, ink, dashes, marker] = this.content.looks[this.content.cells.scheme[cell] ?? 0] ?? [
      "#000",
      "#000",
      "",
      "circle",
    ];
    return { colour, ink, dashes, marker };
  }

  /**
   * How the runs of a cell ended at a rate; null if it was not trained at it.
   * @param {number} cell
   * @param {number} rate
   * @returns {Ended | null}
   */
  ended(cell, rate) {
    const fit = this.fitOf.get(`${cell} ${rate}`);
    if (fit === undefined) return null;
    const { fits } = this.content;
    return /** @type {Ended} */ (
      Object.fromEntries(Object.keys(fits).map((name) => [name, fits[name]?.[fit] ?? null]))
    );
  }

  /** The updates at which layers are known at a rate. @param {number} rate */
  stepsAt(rate) {
    return [0, ...(rate === CHOSEN ? this.content.steps.chosen : this.content.steps.tried)];
  }

  /**
   * A quantity in each hidden layer, packed; all null where it is not known.
   * @param {string} name
   * @param {number} cell
   * @param {number} rate
   * @param {number} step
   * @returns {Code[]}
   */
  layers(name, cell, rate, step) {
    const quantity = this.content.layers[name];
    const depth = Number(this.caseOf(this.content.cells.block[cell] ?? 0).depth);
    const [fit, place] = [this.fitOf.get(`${cell} ${rate}`), this.stepsAt(rate).indexOf(step) - 1];
    const at =
      step === 0
        ? this.startAt[cell]
        : fit === undefined || place < 0
          ? undefined
          : (this.laterAt[fit] ?? 0) + place * depth;
    if (!quantity || at === undefined) return Array(depth).fill(null);
    return (step === 0 ? quantity.start : quantity.later).slice(at, at + depth);
  }

  /**
   * A learning curve: [update, value or null].
   * @param {string} name
   * @param {number} cell
   * @param {number} rate
   * @returns {[number, number | null][]}
   */
  curve(name, cell, rate) {
    const [curve, fit] = [this.content.curves[name], this.fitOf.get(`${cell} ${rate}`)];
    if (!curve || fit === undefined) return [];
    return this.stepsAt(rate).map((step, i) => [step, decoded(curve.values[(this.curveAt[fit] ?? 0) + i], curve.kind)]);
  }

  /**
   * Test accuracies of a cell by seed at its chosen rate; null where there is no run.
   * @param {number} cell
   * @returns {(number | null)[]}
   */
  seedScores(cell) {
    const { values, of } = this.content.scores;
    return (of[cell] ?? []).map((place) => (place === null ? null : (values[place] ?? null)));
  }
}

/** Where each part begins in a list of all. @param {number[]} lengths */
function running(lengths) {
  let at = 0;
  return lengths.map((length) => {
    at += length;
    return at - length;
  });
}
