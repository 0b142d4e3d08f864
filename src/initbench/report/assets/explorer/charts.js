// The charts, by Observable Plot: a quantity in each layer, learning curves, accuracies with their intervals.
import { number, percent } from "./numbers.js";
import { CHOSEN, decoded } from "./study.js";

/** @typedef {import("./study.js").Study} Study */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("./words.js").Words} Words */
/** @typedef {{ cell: number, name: string, colour: string, ink: string, dashes: string, marker: string, points: { x: number, y: number }[], end: string }} Line */
/** @typedef {{ text: string, ink: string, x: number, y: number, at: number }} Label */

const MOST = 12; // decades that an axis shows in either direction
const MOST_LOSS = 2; // a loss is shown up to 100: one update that shoots out would flatten all others
const LETTER = 6.4; // pixels, of a label
const LINE_HEIGHT = 13;
const MARKS = 24; // at most so many markers a line

/** The cells that are shown. @param {Study} study @param {State} state */
export const shownCells = (study, state) =>
  (study.cellsOf[state.block] ?? []).filter((cell) => !state.without.includes(study.schemeOf(cell)));

/**
 * Labels moved apart so that none covers another, as near as can be to where their lines end.
 * @param {Label[]} labels
 * @param {number} low
 * @param {number} high
 * @param {number} least distance between two, in the unit of `at`
 */
export function apart(labels, low, high, least) {
  const sorted = [...labels].sort((a, b) => a.y - b.y);
  const gap = Math.min(least, (high - low) / Math.max(sorted.length - 1, 1));
  let below = low - gap;
  for (const label of sorted) {
    label.at = Math.max(label.y, below + gap);
    below = label.at;
  }
  let above = high + gap;
  for (const label of sorted.reverse()) {
    label.at = Math.min(label.at, above - gap);
    above = label.at;
  }
  return sorted;
}

/** Ticks of a logarithmic axis, 1 always among them. @param {number} low @param {number} high */
function decades(low, high) {
  const step = [1, 2, 3, 4, 6].find((one) => (high - low) / one <= 8) ?? 6;
  const ticks = [];
  for (let power = Math.ceil(low / step) * step; power <= high; power += step) ticks.push(power);
  return ticks;
}

/** @param {number} power */
const powerText = (power) =>
  power === 0
    ? "1"
    : Math.abs(power) < 3
      ? String(10 ** power)
      : `10${[...String(power)].map((sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)])).join("")}`;

/**
 * Lines over the layers at an update: logarithms for what spans decades, clipped; what is zero lies below the axis.
 * @param {Study} study
 * @param {State} state
 * @param {Words} words
 * @param {number} width
 */
export function layersChart(study, state, words, width) {
  const quantity = study.content.layers[state.quantity];
  const cells = shownCells(study, state);
  const depth = Number(study.caseOf(state.block).depth);
  if (!quantity || !depth) return null;
  const log = quantity.kind === "log";
  const relative = state.quantity === "gradient";
  const values = cells.map((cell) => {
    const found = study
      .layers(state.quantity, cell, state.rate, state.update)
      .map((code) => decoded(code, quantity.kind));
    const last = found[found.length - 1];
    return relative ? found.map((value) => (value === null || !last ? (value === 0 ? 0 : null) : value / last)) : found;
  });
  const known = values.flat().filter((value) => value !== null);
  if (!known.length) return null;
  const powers = log ? known.filter((value) => value > 0).map(Math.log10) : known;
  const [low, high] = log ? logDomain(powers) : [0, quantity.kind === "share" ? 1 : Math.max(1, ...powers)];
  const zeroAt = low - 0.09 * (high - low);
  const clip = (/** @type {number} */ value) =>
    log ? (value === 0 ? zeroAt : Math.min(Math.max(Math.log10(value), low), high)) : value;
  const lines = cells.map((cell, i) => {
    const own = values[i] ?? [];
    const points = own.flatMap((value, layer) => (value === null ? [] : [{ x: layer + 1, y: clip(value) }]));
    const end = relative ? own[0] : own[own.length - 1];
    return { ...lineOf(study, cell), points, end: end === 0 ? "= 0" : shortly(end ?? null, quantity.kind) };
  });
  const anyZero = log && known.includes(0);
  return drawn(lines, {
    width,
    left: relative,
    x: [1, Math.max(depth, 2)],
    y: [anyZero ? zeroAt - 0.03 * (high - low) : low, high],
    xTicks: layerTicks(depth, width),
    yTicks: log ? decades(low, high) : quantity.kind === "share" ? [0, 0.25, 0.5, 0.75, 1] : countTicks(high),
    yText: log
      ? powerText
      : quantity.kind === "share"
        ? (/** @type {number} */ y) => percent(y)
        : (/** @type {number} */ y) => number(y),
    xLabel: words.say("axis_layer"),
    rule: log ? 0 : null,
    xText: (x) => number(x),
  });
}

/** @param {number[]} powers @returns {[number, number]} */
function logDomain(powers) {
  const low = Math.max(-MOST, Math.min(0, Math.floor(Math.min(0, ...powers))));
  const high = Math.min(MOST, Math.max(0, Math.ceil(Math.max(0, ...powers))));
  return high - low < 2 ? [low - 1, high + 1] : [low, high];
}

/** Every so many layers, the first and the last in any case. @param {number} depth @param {number} width */
function layerTicks(depth, width) {
  const step = [1, 2, 5, 10, 20, 50].find((one) => depth / one <= (width < 560 ? 4 : 10)) ?? 100;
  return [1, ...Array.from({ length: Math.floor(depth / step) }, (_, i) => (i + 1) * step)].filter(
    (x, i, all) => all.indexOf(x) === i,
  );
}

/** @param {number} high */
const countTicks = (high) =>
  [0, 0.25, 0.5, 0.75, 1].map((share) => Math.round(share * high)).filter((x, i, all) => all.indexOf(x) === i);

/** @param {number | null} value @param {string} kind */
const shortly = (value, kind) => (kind === "share" ? percent(value) : number(value, 2));

/** @param {Study} study @param {number} cell */
const lineOf = (study, cell) => ({ cell, name: study.schemeOf(cell), ...study.lookOf(cell) });

/**
 * Learning curves over updates, from 0 on a scale that widens the first of them.
 * @param {Study} study
 * @param {State} state
 * @param {Words} words
 * @param {number} width
 */
export function curvesChart(study, state, words, width) {
  const curve = study.content.curves[state.curve];
  const steps = study.stepsAt(state.rate);
  if (!curve || steps.length < 2) return null;
  const log = curve.kind === "log";
  const cells = shownCells(study, state);
  const found = cells.map((cell) =>
    study.curve(state.curve, cell, state.rate).filter(([, value]) => value !== null && value > 0),
  );
  const known = found.flatMap((points) => points.map(([, value]) => Number(value)));
  if (!known.length) return null;
  const [low, high] = log ? logDomain(known.map((value) => Math.min(Math.log10(value), MOST_LOSS))) : [0, 1];
  const y = (/** @type {number} */ value) => (log ? Math.min(Math.max(Math.log10(value), low), high) : value);
  const lines = cells.flatMap((cell, i) => {
    const points = (found[i] ?? []).map(([step, value]) => ({ x: Math.log1p(step), y: y(Number(value)) }));
    const last = (found[i] ?? []).at(-1);
    return points.length ? [{ ...lineOf(study, cell), points, end: shortly(last ? last[1] : null, curve.kind) }] : [];
  });
  const most = steps[steps.length - 1] ?? 1;
  const ticks = [0, 1, 10, 100, 1000, 10_000, 100_000].filter((step) => step < most / 2).concat(most);
  return drawn(lines, {
    width,
    left: false,
    x: [0, Math.log1p(most)],
    y: [low, high],
    xTicks: ticks.map(Math.log1p),
    xText: (/** @type {number} */ x) => number(Math.round(Math.expm1(x))),
    yTicks: log ? decades(low, high) : [0, 0.25, 0.5, 0.75, 1],
    yText: log ? powerText : (/** @type {number} */ value) => percent(value),
    xLabel: words.term("step"),
    rule: null,
  });
}

/**
 * @typedef {object} Frame
 * @property {number} width
 * @property {boolean} left whether lines are named at their left end
 * @property {[number, number]} x
 * @property {[number, number]} y
 * @property {number[]} xTicks
 * @property {number[]} yTicks
 * @property {(x: number) => string} xText
 * @property {(y: number) => string} yText
 * @property {string} xLabel
 * @property {number | null} rule
 */

/**
 * Lines named at one of their ends, each with its colour, dash and marker.
 * @param {Line[]} lines
 * @param {Frame} frame
 */
function drawn(lines, { width, left, x, y, xTicks, yTicks, xText, yText, xLabel, rule }) {
  const narrow = width < 560;
  const height = Math.max(narrow ? 340 : 380, 60 + LINE_HEIGHT * lines.length);
  const texts = lines.map((line) => `${line.name} ${line.end}`);
  const room = Math.min(width * (narrow ? 0.46 : 0.3), 14 + LETTER * Math.max(...texts.map((text) => text.length)));
  const margins = { marginLeft: left ? room : 48, marginRight: left ? 48 : room, marginTop: 14, marginBottom: 36 };
  const perPixel = (y[1] - y[0]) / (height - 50);
  const labels = lines.flatMap((line, i) => {
    const end = left ? line.points[0] : line.points[line.points.length - 1];
    return end ? [{ text: texts[i] ?? "", ink: line.ink, x: end.x, y: end.y, at: end.y }] : [];
  });
  apart(labels, y[0], y[1], LINE_HEIGHT * perPixel);
  const side = left ? -1 : 1;
  return Plot.plot({
    width,
    height,
    ...margins,
    style: { fontSize: "12px", fontFamily: "inherit", overflow: "visible", background: "none" },
    x: { domain: x, label: null },
    y: { domain: y, label: null },
    marks: [
      Plot.ruleY(yTicks, { stroke: "#dde3ea" }),
      Plot.axisY(yTicks, { anchor: left ? "right" : "left", tickFormat: yText, tickSize: 0, fill: "#435063" }),
      Plot.axisX(xTicks, {
        tickFormat: xText,
        label: xLabel,
        labelAnchor: "center",
        labelArrow: "none",
        tickSize: 3,
        fill: "#435063",
      }),
      rule === null ? null : Plot.ruleY([rule], { stroke: "#1c2430", strokeWidth: 1.5 }),
      ...lines.map((line) =>
        Plot.line(line.points, {
          x: "x",
          y: "y",
          stroke: line.colour,
          strokeWidth: 2,
          strokeDasharray: line.dashes || undefined,
        }),
      ),
      ...lines.map((line) =>
        Plot.dot(
          line.points.filter((_, i) => i % Math.ceil(line.points.length / MARKS) === 0),
          {
            x: "x",
            y: "y",
            r: 3,
            ...marked(line),
          },
        ),
      ),
      Plot.link(labels, { x1: "x", y1: "y", x2: "x", y2: "at", stroke: "ink", strokeOpacity: 0.5, dx: 6 * side }),
      Plot.text(labels, {
        x: "x",
        y: "at",
        text: "text",
        fill: "ink",
        textAnchor: left ? "end" : "start",
        dx: 9 * side,
        textOverflow: "ellipsis-end",
        lineWidth: (room - 12) / 12,
      }),
    ],
  });
}

/** A marker: filled, with a white edge; a cross of two strokes has no inside. @param {{ marker: string, colour: string }} line */
const marked = ({ marker, colour }) => ({
  symbol: /** @type {any} */ (marker),
  ...(marker === "times" ? { stroke: colour, strokeWidth: 2 } : { fill: colour, stroke: "#fff", strokeWidth: 0.6 }),
});

/**
 * The mean accuracy of each start with its interval, and beside it each seed's.
 * @param {Study} study
 * @param {State} state
 * @param {Words} words
 * @param {number} width
 */
export function accuracyChart(study, state, words, width) {
  const rows = shownCells(study, state).flatMap((cell) => {
    const ended = study.ended(cell, state.rate);
    return ended ? [{ ...lineOf(study, cell), ended }] : [];
  });
  if (!rows.length) return null;
  const means = rows.map(({ name, colour, marker, ended }) => ({
    name,
    colour,
    marker,
    score: decoded(ended.score, "score") ?? 0,
    low: decoded(ended.low, "score"),
    high: decoded(ended.high, "score"),
  }));
  const seeds =
    state.rate === CHOSEN
      ? rows.flatMap(({ cell, name }) =>
          study.seedScores(cell).flatMap((score) => (score === null ? [] : [{ name, score }])),
        )
      : [];
  const classes = study.content.classes[String(study.caseOf(state.block).dataset)];
  const room = Math.min(width * 0.4, 14 + 6.8 * Math.max(...means.map((row) => row.name.length)));
  return Plot.plot({
    width,
    height: 60 + 24 * means.length,
    marginLeft: room,
    marginRight: 52,
    marginBottom: 40,
    marginTop: 6,
    style: { fontSize: "12px", fontFamily: "inherit", overflow: "visible", background: "none" },
    x: { domain: [0, 1], label: null },
    y: { domain: means.map((row) => row.name), label: null, type: "point", padding: 0.5 },
    marks: [
      Plot.ruleX([0, 0.25, 0.5, 0.75, 1], { stroke: "#dde3ea" }),
      Plot.axisX([0, 0.25, 0.5, 0.75, 1], {
        tickFormat: (/** @type {number} */ value) => percent(value),
        label: words.term("test_accuracy"),
        labelAnchor: "center",
        labelArrow: "none",
        tickSize: 3,
        fill: "#435063",
      }),
      Plot.axisY({ tickSize: 0, fill: "#1c2430", textOverflow: "ellipsis-end", lineWidth: room / 13 }),
      classes ? Plot.ruleX([1 / classes], { stroke: "#1c2430", strokeDasharray: "1.5 2.5", strokeWidth: 1.5 }) : null,
      Plot.dot(seeds, { x: "score", y: "name", r: 2, fill: "#6b7683", fillOpacity: 0.55, dy: 6 }),
      Plot.ruleY(
        means.filter((row) => row.low !== null),
        { x1: "low", x2: "high", y: "name", stroke: "#1c2430", strokeWidth: 2 },
      ),
      ...means.map((row) =>
        Plot.dot([row], {
          x: "score",
          y: "name",
          r: 5,
          ...marked(row),
        }),
      ),
      Plot.text(means, {
        y: "name",
        x: 1,
        dx: 8,
        text: (/** @type {{ score: number }} */ row) => percent(row.score),
        textAnchor: "start",
        fill: "#1c2430",
        fontVariant: "tabular-nums",
      }),
    ],
  });
}
