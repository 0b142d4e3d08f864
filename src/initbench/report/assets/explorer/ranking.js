// Which starts are first over the blocks that a reader chooses, by the rule of the table `best`: statistics/choosing.py and
// analyses/best.py, where it is explained. Every start is taken for the best in turn, and sign flips over seeds are shared.

const RESOLUTION = 1e-7; // values closer than this share of the larger one are tied
const SLACK = 1e-9; // statistics that differ by rounding are ties, which can only raise p
const EXACT_SEEDS = 13; // up to 4,096 vectors of signs are enumerated; beyond, as many are drawn
const VECTORS = 4095;

/** @typedef {(unit: Float64Array) => Float64Array} Sums */
/** @typedef {{ order: number[], means: number[], n: number, best: number[], as_good: number[], undecided: number[], worse: number[] }} Answer */

/**
 * How the sums of differences change when the signs of seeds are flipped: sums over all vectors of signs, the unflipped first,
 * then those of the opposite vectors. Each of the exact sums is that of one seed fewer, plus or minus the seed's.
 * @param {number} seeds
 * @returns {(unit: Float64Array) => Float64Array}
 */
function flippedSums(seeds) {
  const exact = seeds <= EXACT_SEEDS;
  const half = exact ? 2 ** Math.max(seeds - 1, 0) : VECTORS + 1;
  const signs = exact ? new Int8Array(0) : drawnSigns(seeds);
  return (unit) => {
    const sums = new Float64Array(2 * half);
    if (exact) {
      sums[0] = unit[seeds - 1] ?? 0;
      for (let seed = 0, known = 1; seed < seeds - 1; seed++, known *= 2)
        for (let i = 0; i < known; i++) {
          const [sum, d] = [sums[i] ?? 0, unit[seed] ?? 0];
          sums[known + i] = sum - d;
          sums[i] = sum + d;
        }
    } else
      for (let i = 0; i < half; i++) {
        let sum = 0;
        for (let seed = 0; seed < seeds; seed++) sum += (signs[i * seeds + seed] ?? 1) * (unit[seed] ?? 0);
        sums[i] = sum;
      }
    for (let i = 0; i < half; i++) sums[half + i] = -(sums[i] ?? 0);
    return sums;
  };
}

/** Signs at random, the same at every visit; the first vector is all +1. @param {number} seeds */
function drawnSigns(seeds) {
  const signs = new Int8Array((VECTORS + 1) * seeds).fill(1);
  let state = 2463534242; // of a xorshift generator
  for (let i = seeds; i < signs.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    if (state & 1) signs[i] = -1;
  }
  return signs;
}

/** Differences with rounding noise set to zero. @param {number[]} x @param {number[]} y */
const differences = (x, y) =>
  x.map((a, i) => {
    const b = y[i] ?? 0;
    return Math.abs(a - b) <= RESOLUTION * Math.max(Math.abs(a), Math.abs(b)) ? 0 : a - b;
  });

/**
 * Mean over root mean square of flipped differences, one a vector of signs; 0 where all differences are.
 * @param {number[]} differences
 * @param {Sums} sums
 */
function share(differences, sums) {
  const scale = Math.sqrt(differences.reduce((sum, d) => sum + d * d, 0) * differences.length) || 1;
  return sums(Float64Array.from(differences, (d) => d / scale));
}

/** @param {Float64Array} statistics @param {number} observed */
function shareReaching(statistics, observed) {
  let count = 0;
  for (const statistic of statistics) if (statistic >= observed - SLACK) count++;
  return count / statistics.length;
}

/** The larger of each pair, written into the first if there is one. @param {Float64Array | null} into @param {Float64Array} other */
function larger(into, other) {
  if (!into) return other.slice();
  for (let i = 0; i < into.length; i++) if ((other[i] ?? 0) > (into[i] ?? 0)) into[i] = other[i] ?? 0;
  return into;
}

/**
 * One-sided adjusted p that the mean of each list of differences is not above 0.
 * @param {number[][]} lists
 * @param {Sums} sums
 */
function stepDown(lists, sums) {
  const flipped = lists.map((list) => share(list, sums));
  const first = flipped.map((one) => one[0] ?? 0);
  const order = lists.map((_, i) => i).sort((a, b) => (first[a] ?? 0) - (first[b] ?? 0) || a - b);
  /** @type {Float64Array | null} */
  let extreme = null;
  const found = order.map((i) => {
    extreme = larger(extreme, flipped[i] ?? new Float64Array(0));
    return shareReaching(extreme, first[i] ?? 0);
  });
  const p = Array(lists.length).fill(0);
  let largest = 0;
  for (let at = order.length - 1; at >= 0; at--) {
    largest = Math.max(largest, found[at] ?? 0);
    p[order[at] ?? 0] = largest;
  }
  return p;
}

/**
 * p that each start's mean lies at least `margin` below the best one's.
 * @param {number[][]} values a list of scores by seed for each start
 * @param {number} margin
 * @param {Sums} sums
 */
export function withinMargin(values, margin, sums) {
  const p = Array(values.length).fill(0);
  values.forEach((best, b) => {
    const others = values.map((_, i) => i).filter((i) => i !== b);
    const shifted = others.map((i) =>
      differences(best, values[i] ?? []).map((d) => (Math.abs(margin - d) <= RESOLUTION * margin ? 0 : margin - d)),
    );
    stepDown(shifted, sums).forEach((one, at) => {
      const i = others[at] ?? 0;
      p[i] = Math.max(p[i], one);
    });
  });
  return p;
}

/**
 * p that each start is one of the best: those shown to be below another leave, and the others are tested again.
 * @param {number[][]} values
 * @param {Sums} sums
 * @param {number} alpha
 */
export function belowBest(values, sums, alpha) {
  const behindOf = values.map((one) => values.map((other) => share(differences(other, one), sums)));
  const p = Array(values.length).fill(0);
  let [left, reached] = [values.map((_, i) => i), 0];
  while (left.length) {
    /** @type {Float64Array | null} */
    let extreme = null;
    /** @type {number[]} */
    const observed = [];
    for (const i of left) {
      /** @type {Float64Array | null} */
      let behind = null;
      for (const j of left) behind = larger(behind, behindOf[i]?.[j] ?? new Float64Array(0));
      extreme = larger(extreme, behind ?? new Float64Array(0));
      observed.push(behind?.[0] ?? 0);
    }
    left.forEach((i, at) => {
      p[i] = Math.max(shareReaching(extreme ?? new Float64Array(0), observed[at] ?? 0), reached);
    });
    const out = left.filter((i) => p[i] <= alpha);
    if (!out.length) break;
    reached = Math.max(...out.map((i) => p[i]));
    left = left.filter((i) => !out.includes(i));
  }
  return p;
}

/**
 * The answer over some scores: a list by seed for each start, no score missing.
 * @param {number[][]} values
 * @param {number} rope
 * @param {number} alpha
 * @returns {Answer}
 */
export function answer(values, rope, alpha) {
  const n = values[0]?.length ?? 0;
  const means = values.map((one) => one.reduce((sum, value) => sum + value, 0) / n);
  const order = values.map((_, i) => i).sort((a, b) => (means[b] ?? 0) - (means[a] ?? 0) || a - b);
  const most = Math.max(...means);
  /** @param {(i: number) => boolean} wanted */
  const those = (wanted) => order.filter(wanted);
  const top = (/** @type {number} */ i) => most - (means[i] ?? 0) <= RESOLUTION * Math.abs(most);
  const none = { order, means, n, best: those(top), as_good: [], undecided: those((i) => !top(i)), worse: [] };
  if (n < 2 || values.length < 2) return none;
  const sums = flippedSums(n);
  const [near, below] = [withinMargin(values, rope, sums), belowBest(values, sums, alpha)];
  const within = (/** @type {number} */ i) => !top(i) && near[i] <= alpha;
  const worse = (/** @type {number} */ i) => !top(i) && !within(i) && below[i] <= alpha;
  return {
    ...none,
    as_good: those(within),
    worse: those(worse),
    undecided: those((i) => !top(i) && !within(i) && !worse(i)),
  };
}

/**
 * The starts that every one of some blocks has trained, and their mean score over these blocks, by seed.
 * @param {import("./study.js").Study} study
 * @param {number[]} blocks
 * @returns {{ schemes: number[], values: number[][] }}
 */
export function scoresOver(study, blocks) {
  const { cells } = study.content;
  const byBlock = blocks.map(
    (block) => new Map((study.cellsOf[block] ?? []).map((cell) => [cells.scheme[cell] ?? 0, study.seedScores(cell)])),
  );
  const schemes = study.content.schemes
    .map((_, i) => i)
    .filter((i) => blocks.length && byBlock.every((of) => of.get(i)?.some((score) => score !== null)));
  const seeds = study.content.scores.seeds
    .map((_, k) => k)
    .filter((k) => schemes.every((i) => byBlock.every((of) => (of.get(i)?.[k] ?? null) !== null)));
  const values = schemes.map((i) =>
    seeds.map((k) => byBlock.reduce((sum, of) => sum + (of.get(i)?.[k] ?? 0), 0) / blocks.length),
  );
  return { schemes, values };
}

/**
 * The reader's own ranking.
 * @param {import("./study.js").Study} study
 * @param {number[]} blocks
 * @returns {(Answer & { schemes: number[] }) | null} null where no start and seed is in all of the blocks
 */
export function ranking(study, blocks) {
  const { schemes, values } = scoresOver(study, blocks);
  if (!values[0]?.length) return null;
  const { thresholds, looks } = study.content.config;
  return { ...answer(values, thresholds.rope, 0.05 / looks), schemes };
}
