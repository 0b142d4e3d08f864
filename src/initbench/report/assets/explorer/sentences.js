// What is said of a case: its name, what each start reaches, and which to take. report/explorer/sentences.py says the same.
import { percent } from "./numbers.js";
import { decoded } from "./study.js";

const FEW = 4; // so many names are told, of more their number

/** @typedef {import("./study.js").Ended} Ended */
/** @typedef {import("./words.js").Words} Words */

/**
 * @param {import("./study.js").Case} one
 * @param {import("./study.js").Case} usual what differs from it is named
 * @param {string[]} several the axes of which the study has several values
 * @param {Words} words
 */
export function caseText(one, usual, several, words) {
  const { depth, normalization } = one;
  const known = `normalization_${normalization}`;
  const parts = [
    words.term(one.activation ?? ""),
    depthText(depth ?? 0, words),
    words.has(known) ? words.say(known) : String(normalization),
  ];
  if (several.includes("dataset")) parts.push(words.term(one.dataset ?? ""));
  for (const name of ["optimizer", "architecture"])
    if (one[name] !== usual[name]) parts.push(words.term(one[name] ?? ""));
  if (one.width !== usual.width) parts.push(widthText(Number(one.width), words));
  return parts.join(words.term("comma"));
}

/** How many hidden layers there are. @param {string | number} depth @param {Words} words */
const depthText = (depth, words) =>
  depth === 0 || depth === 1 ? words.say(`depth_${depth}`) : words.say("depth_many", { count: Number(depth) });

/** How many units a layer has. @param {number} width @param {Words} words */
export const widthText = (width, words) => (width === 1 ? words.say("width_1") : words.say("width_of", { width }));

/** The mean test accuracy with its interval, or that nothing was trained. @param {Ended | null} ended @param {Words} words */
export function scoreText(ended, words) {
  if (!ended) return words.say("not_trained");
  const [score, low, high] = [ended.score, ended.low, ended.high].map((code) => percent(decoded(code, "score")));
  return low === high ? `${score}` : score + words.say("from_to", { low: low ?? "", high: high ?? "" });
}

/** The updates until the target, or how many runs reach it or diverge. @param {Ended | null} ended @param {Words} words */
export function updatesText(ended, words) {
  if (!ended) return "";
  const { diverged, n, updates, reached } = ended;
  if (diverged) return words.say("diverged_of", { count: diverged, of: n });
  if (updates !== null) return words.say("after_updates", { count: updates });
  return reached ? words.say("reached_of", { count: reached, of: n }) : words.say("never");
}

/**
 * Which start to take, in a sentence.
 * @param {{ best: string[], as_good: string[], undecided: string[], worse: string[] } | null} lists
 * @param {string} score what the best reaches
 * @param {Words} words
 */
export function finding(lists, score, words) {
  const stop = words.say("stop");
  if (!lists?.best.length) return words.say("finding_not_trained") + stop;
  const { best, as_good, undecided, worse } = lists;
  const others = as_good.length + undecided.length + worse.length;
  if (!others && best.length === 1) return words.say("finding_one", { score }) + stop;
  if (!undecided.length && !worse.length)
    return words.say("finding_alike", { count: others + best.length, score }) + stop;
  /** @param {string} key @param {string[]} names */
  const named = (key, names) => (names.length ? words.say(key, { names: words.joined(names) }) : "");
  const said = [
    words.say(best.length === 1 ? "finding" : "finding_tied", { best: words.joined(best), score }),
    worse.length === others ? "" : named("finding_as_good", as_good) || words.say("finding_none_as_good"),
    named("finding_undecided", undecided),
    worse.length === others || worse.length > FEW
      ? words.say("finding_rest_worse", { count: worse.length })
      : named("finding_worse", worse),
  ];
  return said.filter(Boolean).join(words.say("semicolon")) + stop;
}
