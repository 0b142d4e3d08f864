// What stands below the controls: one view of the case at a time.
import { accuracyChart, curvesChart, layersChart } from "./charts.js";
import { viewYaml } from "./config.js";
import { heroPicture } from "./hero.js";
import { percent, rateText } from "./numbers.js";
import { ranking } from "./ranking.js";
import { caseText, widthText } from "./sentences.js";
import { csvOf, numbersTable } from "./table.js";
import { escaped } from "./words.js";

/** @typedef {import("./study.js").Study} Study */
/** @typedef {import("./state.js").State} State */
/** @typedef {import("./words.js").Words} Words */

/** The name of the case, and the learning rate unless it is each start's own. @param {Study} study @param {State} state @param {Words} words */
export function titleOf(study, state, words) {
  const named = caseText(study.caseOf(state.block), study.caseOf(study.content.first), study.choices, words);
  const rate = study.content.rates[state.rate - 1];
  return rate === undefined ? named : named + words.term("comma") + words.say("at_rate", { rate: rateText(rate) });
}

/**
 * Draws the chosen view.
 * @param {HTMLElement} place
 * @param {Study} study
 * @param {State} state
 * @param {Words} words
 * @param {number} room pixels from left to right
 */
export function drawView(place, study, state, words, room) {
  const width = Math.max(260, Math.floor(room || 640));
  const title = titleOf(study, state, words);
  if (state.view === "hero")
    place.innerHTML = heroPicture(study, state.block, words, { ...state, hatch: "hatch-here" });
  else if (state.view === "numbers")
    place.innerHTML = `${numbersTable(study, state, title, words)}<p><button type="button" data-download="csv">${escaped(words.say("download_csv"))}</button></p>`;
  else if (state.view === "config") place.innerHTML = configView(viewYaml(study, state, words), words);
  else if (state.view === "ranking") place.innerHTML = rankingView(study, state, words);
  else place.replaceChildren(...chartView(study, state, words, width, title));
}

/** @param {string} yaml @param {Words} words */
const configView = (yaml, words) =>
  `<p>${escaped(words.say("config_intro"))}</p><pre tabindex="0" role="region" aria-label="config.yaml">${escaped(yaml)}</pre><p><button type="button" data-copy>${escaped(words.say("copy"))}</button> <button type="button" data-download="yaml">${escaped(words.say("download_yaml"))}</button> <span role="status" data-copied></span></p>`;

/**
 * A chart with its heading and what it shows; a sentence where there is nothing to show.
 * @param {Study} study
 * @param {State} state
 * @param {Words} words
 * @param {number} width
 * @param {string} title
 */
function chartView(study, state, words, width, title) {
  const name =
    { layers: `quantity_${state.quantity}`, curves: `curve_${state.curve}`, accuracy: "view_accuracy" }[state.view] ??
    "";
  const [what, note] = [words.say(name), words.has(`${name}_note`) ? words.say(`${name}_note`) : ""];
  const draw = { layers: layersChart, curves: curvesChart, accuracy: accuracyChart }[state.view];
  const chart = draw?.(study, state, words, width);
  const heading = document.createElement("p");
  heading.className = "chart-title";
  const update =
    state.view === "layers" ? words.say(state.update ? "at_update" : "at_start", { update: state.update }) : "";
  heading.textContent = [`${what}${words.term("colon")}${title}`, update].filter(Boolean).join(words.term("comma"));
  if (!chart) {
    const nothing = document.createElement("p");
    nothing.textContent = words.say(`nothing_${state.view}`);
    return [heading, nothing];
  }
  for (const part of chart.querySelectorAll("g")) part.removeAttribute("aria-label"); // the chart has one name, its parts none
  chart.setAttribute("role", "img");
  chart.setAttribute("aria-label", heading.textContent);
  const caption = document.createElement("p");
  caption.className = "note";
  caption.textContent = note;
  return note ? [heading, chart, caption] : [heading, chart];
}

/**
 * The networks that can count, as rows of a table with depths across: those of the usual width first.
 * @param {Study} study
 * @param {Words} words
 * @returns {{ name: string, blocks: Map<string | number, number> }[]}
 */
function networks(study, words) {
  const usual = study.caseOf(study.content.first);
  const others = study.choices.filter((axis) => axis !== "depth" && axis !== "width");
  /** @type {Map<string, { name: string, blocks: Map<string | number, number>, usual: boolean }>} */
  const rows = new Map();
  study.content.best.forEach((lists, block) => {
    if (!lists) return;
    const one = study.caseOf(block);
    const parts = others.map((axis) => {
      const known = `${axis}_${one[axis]}`;
      return words.has(known) ? words.say(known) : words.term(one[axis] ?? "");
    });
    if (one.width !== usual.width) parts.push(widthText(Number(one.width), words));
    const name = parts.join(words.term("comma")) || words.say("all_networks");
    const row = rows.get(name) ?? { name, blocks: new Map(), usual: one.width === usual.width };
    row.blocks.set(one.depth ?? 0, block);
    rows.set(name, row);
  });
  return [...rows.values()].sort((a, b) => Number(b.usual) - Number(a.usual));
}

/**
 * The reader's own ranking: a box a network, depths across, and what is found over those that count.
 * @param {Study} study
 * @param {State} state
 * @param {Words} words
 */
function rankingView(study, state, words) {
  const rows = networks(study, words);
  const depths = (study.content.axes.depth ?? []).filter((depth) => rows.some((row) => row.blocks.has(depth)));
  const usual = study.caseOf(study.content.first);
  const box = (/** @type {number | undefined} */ block) =>
    block === undefined
      ? "<td></td>"
      : `<td><label class="box"><input type="checkbox" name="block" value="${block}" aria-label="${escaped(caseText(study.caseOf(block), usual, study.choices, words))}"${state.blocks.includes(block) ? " checked" : ""}></label></td>`;
  const body = rows.map(
    ({ name, blocks }) =>
      `<tr><th scope="row">${escaped(name)}</th>${depths.map((depth) => box(blocks.get(depth))).join("")}</tr>`,
  );
  const heads = depths.map((depth) => `<th scope="col">${escaped(depth)}</th>`);
  const buttons = ["all", "grid", "none"].map(
    (which) => `<button type="button" data-blocks="${which}">${escaped(words.say(`blocks_${which}`))}</button>`,
  );
  return `<p>${escaped(words.say("ranking_intro", { rope: words.points(study.content.config.thresholds.rope) }))}</p>
<div data-ranking>${rankingResult(study, state, words)}</div>
<p>${buttons.join(" ")}</p>
<div class="scroll" tabindex="0" role="region" aria-label="${escaped(words.say("ranking_blocks"))}"><table class="blocks"><caption>${escaped(words.say("ranking_blocks"))}</caption><thead><tr><th scope="col">${escaped(words.say("network"))} · ${escaped(words.term("depth"))} →</th>${heads.join("")}</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
}

/** What is found over the blocks that count. @param {Study} study @param {State} state @param {Words} words */
export function rankingResult(study, state, words) {
  const blocks = state.blocks.filter((block) => study.content.best[block]);
  const found = ranking(study, blocks);
  if (!found) return `<p>${escaped(words.say("ranking_nothing"))}</p>`;
  const name = (/** @type {number} */ i) => study.content.schemes[found.schemes[i] ?? 0] ?? "";
  const lists = /** @type {const} */ (["best", "as_good", "undecided", "worse"]);
  const verdict = (/** @type {number} */ i) => lists.find((list) => found[list].includes(i)) ?? "undecided";
  const rows = found.order.map(
    (i) =>
      `<tr class="${verdict(i)}"><th scope="row">${escaped(name(i))}</th><td class="n">${percent(found.means[i], 1)}</td><td>${escaped(words.say(`verdict_${verdict(i)}`))}</td></tr>`,
  );
  const first = [...found.best, ...found.as_good].map(name);
  const text = words.say(first.length > 1 ? "ranking_tied" : "ranking_first", {
    names: words.joined(first),
    networks: blocks.length === 1 ? words.say("networks_1") : words.say("networks_many", { count: blocks.length }),
    seeds: found.n,
  });
  return `<p class="told" role="status">${escaped(text)}</p><div class="scroll" tabindex="0" role="region" aria-label="${escaped(words.say("view_ranking"))}"><table class="numbers"><caption>${escaped(words.say("view_ranking"))}</caption><thead><tr><th scope="col">${escaped(words.term("scheme"))}</th><th scope="col" class="n">${escaped(words.say("mean_accuracy"))}</th><th scope="col">${escaped(words.say("verdict"))}</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

/** The file that a button of the view hands over. @param {string} kind @param {Study} study @param {State} state @param {Words} words */
export function fileOf(kind, study, state, words) {
  return kind === "csv"
    ? { name: "numbers.csv", type: "text/csv;charset=utf-8", text: csvOf(study, state) }
    : { name: "view.yaml", type: "text/yaml;charset=utf-8", text: viewYaml(study, state, words) };
}
