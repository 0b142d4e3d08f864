// Start, signal, result of one case. templates/explorer/hero.html.j2 and explorer/hero.py draw the same, mark for mark.
import { fixed, number, percent } from "./numbers.js";
import { caseText, finding, scoreText, updatesText } from "./sentences.js";
import { CHOSEN, decoded, isZero } from "./study.js";
import { escaped } from "./words.js";

const DECADES = 8; // of a ratio, in either direction, until a square is as dark as it gets
const MOST_SQUARES = 64;
const WHITE = [255, 255, 255];
const BLUES = [
  [67, 147, 195],
  [5, 48, 97],
];
const REDS = [
  [214, 96, 77],
  [103, 0, 31],
];
const UNKNOWN = "#f2c230";
/** @type {[number, string][]} */
const KEY = [
  [-8, "10⁻⁸"],
  [-4, "10⁻⁴"],
  [0, "1"],
  [4, "10⁴"],
  [8, "10⁸"],
];

/** @typedef {import("./study.js").Code} Code */
/** @typedef {import("./study.js").Study} Study */
/** @typedef {import("./words.js").Words} Words */
/** @typedef {{ layer: number, kind: "number" | "zero" | "unknown", decades: number }} Square */

/** White where all of a gradient arrives, blue the more of it vanishes, red the more it grows. @param {number} decades */
export function colour(decades) {
  const share = Math.min(Math.abs(decades) / DECADES, 1);
  const stops = [WHITE, ...(decades < 0 ? BLUES : REDS)];
  const [at, part] = share < 0.5 ? [0, 2 * share] : [1, 2 * share - 1];
  const [from = WHITE, to = WHITE] = [stops[at], stops[at + 1]];
  return `#${from
    .map((a, i) =>
      Math.floor(a + part * ((to[i] ?? a) - a) + 0.5)
        .toString(16)
        .padStart(2, "0"),
    )
    .join("")}`;
}

/** The gradient that arrives at each layer, as a share of the last hidden layer's. @param {Code[]} codes @returns {Square[]} */
export function squares(codes) {
  const count = codes.length;
  const shown =
    count <= MOST_SQUARES
      ? codes.map((_, i) => i)
      : Array.from({ length: MOST_SQUARES }, (_, i) => Math.round((i * (count - 1)) / (MOST_SQUARES - 1)));
  const last = codes[count - 1] ?? null;
  return shown.map((i) => {
    const code = codes[i] ?? null;
    if (isZero(code)) return { layer: i + 1, kind: "zero", decades: 0 };
    if (code === null || last === null || isZero(last)) return { layer: i + 1, kind: "unknown", decades: 0 };
    return { layer: i + 1, kind: "number", decades: (code - last) / 100 };
  });
}

/** @param {Square} square */
const shareText = (square) => ({ zero: "0", unknown: "?", number: number(10 ** square.decades, 2) })[square.kind];

/** A share of the width, in hundredths. @param {number} share */
const place = (share) => fixed(100 * share, 3);

/** What is found of a block, and its picture, as HTML. @param {Study} study @param {number} block @param {Words} words */
export function hero(study, block, words) {
  const named = caseText(study.caseOf(block), study.caseOf(study.content.first), study.choices, words);
  const told = `<p class="told"><strong>${escaped(named + words.term("colon"))}</strong>${escaped(blockFinding(study, block, words))}</p>`;
  return heroPicture(study, block, words, { rate: CHOSEN, without: [], hatch: `hatch-${words.language}` }, told);
}

/**
 * The picture of a block.
 * @param {Study} study
 * @param {number} block
 * @param {Words} words
 * @param {{ rate: number, without: string[], hatch: string }} settings the rate that is shown, schemes that are not, a name for the hatching
 * @param {string} [told] what is said above it
 */
export function heroPicture(study, block, words, { rate, without, hatch }, told = "") {
  const { config, classes } = study.content;
  const one = study.caseOf(block);
  const shown = (study.cellsOf[block] ?? []).filter((cell) => !without.includes(study.schemeOf(cell)));
  const rows = shown.map((cell) => ({
    cell,
    squares: squares(study.layers("gradient", cell, rate, 0)),
    units: study.layers("units", cell, rate, 0).filter((code) => code !== null),
    ended: study.ended(cell, rate),
  }));
  const trained = rows.filter((row) => row.ended);
  const target = percent(config.thresholds.target_accuracy);
  const named = caseText(one, study.caseOf(study.content.first), study.choices, words);
  const known = classes[String(one.dataset)] ?? null;
  const chance = known && trained.length ? place(1 / known) : null;
  const seeds = Math.max(0, ...trained.map((row) => row.ended?.n ?? 0));
  /** @type {[string, string][]} */
  const heads = [
    ["start", words.say("head_start")],
    ["signal", words.say("head_signal")],
    ["number first", words.say("head_first")],
    ["number units", words.say("head_units", { width: Number(one.width) })],
    ["score", words.say("head_score", { steps: config.training.steps })],
    ["updates", words.say("head_updates", { target })],
  ];
  return `<svg class="patterns" width="0" height="0" aria-hidden="true"><defs><pattern id="${hatch}" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="5" height="5" fill="#ffffff"></rect><rect width="1.6" height="5" fill="#39424e"></rect></pattern></defs></svg>
${told}
<table class="hero-table" role="table">
<caption>${escaped(words.say("hero_caption", { case: named }))}</caption>
<thead role="rowgroup"><tr role="row">${heads.map(([kind, text]) => `<th scope="col" role="columnheader" class="${kind}">${escaped(text)}</th>`).join("")}</tr></thead>
<tbody role="rowgroup">
${rows.map((row) => heroRow(study, row, chance, words, hatch, target)).join("\n")}
</tbody></table>
<p class="hero-key">${escaped(words.say("key_squares"))} ${heroKey(
    rows.flatMap((row) => row.squares),
    words,
    hatch,
  )}${escaped(keyRest(seeds, known, target, words))}</p>`;
}

/** What the table `best` says of a block. @param {Study} study @param {number} block @param {Words} words */
export function blockFinding(study, block, words) {
  const lists = study.content.best[block];
  if (!lists) return finding(null, "", words);
  /** @param {number[]} places */
  const names = (places) => places.map((scheme) => study.content.schemes[scheme] ?? "");
  const best = (study.cellsOf[block] ?? []).find((cell) => lists.best.includes(study.content.cells.scheme[cell] ?? -1));
  const score = best === undefined ? "" : scoreText(study.ended(best, CHOSEN), words);
  return finding(
    {
      best: names(lists.best),
      as_good: names(lists.as_good),
      undecided: names(lists.undecided),
      worse: names(lists.worse),
    },
    score,
    words,
  );
}

/**
 * @param {Study} study
 * @param {{ cell: number, squares: Square[], units: Code[], ended: import("./study.js").Ended | null }} row
 * @param {string | null} chance
 * @param {Words} words
 * @param {string} hatch
 * @param {string} target
 */
function heroRow(study, { cell, squares: drawn, units, ended }, chance, words, hatch, target) {
  const first = drawn[0] ? shareText(drawn[0]) : "";
  const label = drawn[0]?.kind === "zero" ? words.say("squares_none") : words.say("squares", { first });
  const [score, low, high] = [ended?.score ?? 0, ended?.low ?? null, ended?.high ?? null].map((code) =>
    decoded(code, "score"),
  );
  const least = units.length ? number(Math.min(...units.map(Number)) / 2) : "";
  const marks = drawn.map((square, i) => {
    const fill = { zero: `url(#${hatch})`, unknown: UNKNOWN, number: colour(square.decades) }[square.kind];
    const title = words.say("square", { layer: square.layer, value: shareText(square) });
    return `<rect x="${place(i / drawn.length)}%" width="${place(1 / drawn.length)}%" height="100%" class="${square.kind}" fill="${fill}"><title>${escaped(title)}</title></rect>`;
  });
  const svg = marks.length
    ? `<svg class="squares" role="img" aria-label="${escaped(label)}" width="100%" height="20">${marks.join("")}</svg>`
    : "";
  const interval =
    low === null || low === undefined
      ? ""
      : `<line class="interval" x1="${place(low)}%" x2="${place(high ?? 0)}%" y1="10" y2="10"></line>`;
  const guess = chance === null ? "" : `<line class="chance" x1="${chance}%" x2="${chance}%" y1="0" y2="20"></line>`;
  /** @param {string} name */
  const shortly = (name) => `data-label="${escaped(words.say(`short_${name}`, { target }))}"`;
  return `<tr role="row"><th scope="row" role="rowheader">${escaped(study.schemeOf(cell))}</th><td role="cell" class="signal">${svg}</td><td role="cell" class="number first" ${shortly("first")}>${escaped(first)}</td><td role="cell" class="number units" ${shortly("units")}>${least}</td><td role="cell" class="score"><svg class="accuracy" aria-hidden="true" width="100%" height="20"><rect class="ground" width="100%" height="100%"></rect><rect class="value" width="${place(score ?? 0)}%" height="100%" fill="${study.lookOf(cell).colour}"></rect>${interval}${guess}</svg><span>${escaped(scoreText(ended, words))}</span></td><td role="cell" class="updates" ${shortly("updates")}>${escaped(updatesText(ended, words))}</td></tr>`;
}

/** What colours mean, and the marks of what is zero or not finite where there is any. @param {Square[]} drawn @param {Words} words @param {string} hatch */
function heroKey(drawn, words, hatch) {
  const kinds = new Set(drawn.map((square) => square.kind));
  /** @type {[string, string][]} */
  const swatches = KEY.map(([power, text]) => [colour(power), text]);
  if (kinds.has("zero")) swatches.push([`url(#${hatch})`, words.say("key_zero")]);
  if (kinds.has("unknown")) swatches.push([UNKNOWN, words.say("key_unknown")]);
  return swatches
    .map(
      ([fill, text]) =>
        `<span class="swatch"><svg width="14" height="14" aria-hidden="true"><rect width="100%" height="100%" fill="${fill}"></rect></svg> ${escaped(text)}</span> `,
    )
    .join("");
}

/** How to read what stands right of the squares. @param {number} seeds @param {number | null} classes @param {string} target @param {Words} words */
function keyRest(seeds, classes, target, words) {
  if (!seeds) return "";
  const said = [
    words.say("key_bars", { seeds }),
    classes ? words.say("key_chance", { classes }) : "",
    words.say("key_updates", { target }),
  ];
  return said.filter(Boolean).join(words.term("space"));
}
