// The page's explorer: reads the study from the page, and draws what a reader chooses.
import { axisGroups, check, quantityControls, radioGroup, rateGroup, schemeBoxes, setValues } from "./controls.js";
import { blockFinding, hero } from "./hero.js";
import { caseText } from "./sentences.js";
import { firstState, read, VIEWS, written } from "./state.js";
import { Study, unpacked } from "./study.js";
import { drawView, fileOf, rankingResult } from "./views.js";
import { escaped, wordsIn } from "./words.js";

const HERO_AXES = ["activation", "depth", "normalization", "dataset"];

/** @typedef {import("./state.js").State} State */
/** @typedef {import("./words.js").Words} Words */

/** The language that the page is read in. */
const language = () => document.documentElement.dataset.language ?? "en";

/** The first picture in the language that is read: its controls, and the case that is chosen, drawn while it can be seen. */
class Hero {
  /** @param {Study} study */
  constructor(study) {
    this.study = study;
    this.axes = HERO_AXES.filter((axis) => study.choices.includes(axis));
    this.seen = new Set();
    this.observer = new IntersectionObserver((changes) => {
      for (const { target, isIntersecting } of changes) {
        if (isIntersecting) this.seen.add(target);
        else this.seen.delete(target);
      }
      this.redraw();
    });
    for (const place of document.querySelectorAll("[data-hero]")) this.observer.observe(place);
    this.redraw = () => {};
  }

  /** @param {State} state @param {Words} words */
  draw(state, words) {
    this.redraw = () => this.show(state, words);
    this.redraw();
  }

  /** @param {State} state @param {Words} words */
  show(state, words) {
    const place = document.querySelector(`[data-hero="${words.language}"]`);
    const [controls, picture] = ["[data-controls]", "[data-picture]"].map((part) => place?.querySelector(part));
    if (!controls || !picture || !this.seen.has(place)) return;
    const name = `hero.${words.language}`;
    if (!controls.childElementCount) controls.innerHTML = axisGroups(this.study, this.axes, state.block, name, words);
    const shown = picture.getAttribute("data-picture") || String(this.study.content.first);
    if (shown === String(state.block)) return;
    const one = this.study.caseOf(state.block);
    for (const axis of this.axes) check(controls, `${name}.${axis}`, String(one[axis]));
    picture.innerHTML = hero(this.study, state.block, words);
    picture.setAttribute("data-picture", String(state.block));
  }
}

/** The explorer below: built when it comes near; a part of it is made anew when what it shows has changed. */
class Explorer {
  /** @param {Study} study @param {HTMLElement} place */
  constructor(study, place) {
    this.study = study;
    this.place = place;
    this.width = 0;
    /** @type {Map<string, string>} */
    this.made = new Map();
  }

  /**
   * Puts HTML in a part, unless it is there already.
   * @param {string} name
   * @param {string} html
   */
  put(name, html) {
    const part = this.place.querySelector(`[data-part="${name}"]`);
    if (!part || this.made.get(name) === html) return;
    const { activeElement } = document;
    const focused = activeElement instanceof HTMLInputElement && part.contains(activeElement) ? activeElement : null;
    part.innerHTML = html;
    this.made.set(name, html);
    if (focused) restoreFocus(this.place, focused);
  }

  /** @param {State} state @param {Words} words */
  draw(state, words) {
    const { study, place } = this;
    if (!place.childElementCount) {
      loadLibrary();
      place.innerHTML = `<div data-part="axes"></div><div data-part="rates"></div><p class="told" role="status" aria-live="polite" data-part="finding" data-finding></p><div data-part="views"></div><div data-part="settings"></div><div data-part="schemes"></div><div data-view></div>`;
    }
    this.width ||= place.clientWidth; // asked for before anything is written, else the page is laid out twice
    const { first } = study.content;
    const title = caseText(study.caseOf(state.block), study.caseOf(first), study.choices, words) + words.term("colon");
    const views = VIEWS.map((view) => ({ value: view, text: words.say(`view_${view}`) }));
    this.put("axes", axisGroups(study, study.choices, first, "axis", words));
    this.put("rates", rateGroup(study, words));
    this.put("finding", `<strong>${escaped(title)}</strong>${escaped(blockFinding(study, state.block, words))}`);
    this.put("views", radioGroup("view", words.say("view"), views, firstState(study).view));
    this.put("settings", quantityControls(study, state.view, state.rate, words));
    this.put("schemes", state.view === "ranking" ? "" : schemeBoxes(study, state.block, words));
    setValues(place, study, state);
    const view = place.querySelector("[data-view]");
    if (view instanceof HTMLElement) drawView(view, study, state, words, this.width);
  }
}

/** Puts the focus back on the control of the same name and value. @param {HTMLElement} place @param {HTMLInputElement} before */
function restoreFocus(place, before) {
  for (const input of place.querySelectorAll("input, select"))
    if (
      input instanceof HTMLInputElement &&
      input.name === before.name &&
      (input.type === "range" || input.value === before.value)
    )
      input.focus({ preventScroll: true });
}

/** The charts' library stands in the page as text, and is run when the first chart is drawn. */
function loadLibrary() {
  const text = document.getElementById("explorer-library");
  if (!text?.textContent || "Plot" in globalThis) return;
  const script = document.createElement("script");
  script.textContent = text.textContent;
  document.head.append(script);
}

/** Hands over a file. @param {{ name: string, type: string, text: string }} file */
function download({ name, type, text }) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/**
 * What a control of the page changes in the state; null for a control of something else.
 * @param {Study} study
 * @param {State} state
 * @param {HTMLInputElement | HTMLSelectElement} control
 * @returns {Partial<State> | null}
 */
function changeBy(study, state, control) {
  const { name, value } = control;
  const axis = name.split(".").at(-1) ?? "";
  if (/^(hero|axis)\./.test(name)) {
    const found = study.content.axes[axis]?.find((known) => String(known) === value);
    if (found === undefined) return null;
    const block = study.nearest({ ...study.caseOf(state.block), [axis]: found }, axis);
    const follows = state.blocks.length === 1 && state.blocks[0] === state.block;
    return { block, ...(follows ? { blocks: [block] } : {}) };
  }
  if (name === "view" || name === "quantity" || name === "curve") return { [name]: value };
  if (name === "update") return { update: study.stepsAt(state.rate)[Number(value)] ?? 0 };
  if (name === "rate") {
    const rate = Number(value);
    return { rate, update: study.stepsAt(rate).includes(state.update) ? state.update : 0 };
  }
  const on = control instanceof HTMLInputElement && control.checked;
  if (name === "scheme")
    return { without: on ? state.without.filter((one) => one !== value) : [...state.without, value] };
  if (name === "block")
    return {
      blocks: on
        ? [...state.blocks, Number(value)].sort((a, b) => a - b)
        : state.blocks.filter((one) => one !== Number(value)),
    };
  return null;
}

/** The blocks that a button of the ranking asks for. @param {Study} study @param {string} which */
function blocksOf(study, which) {
  const trained = study.content.best.flatMap((lists, block) => (lists ? [block] : []));
  if (which === "none") return [];
  const usual = study.caseOf(study.content.first);
  return which === "all"
    ? trained
    : trained.filter((block) =>
        ["width", "architecture", "optimizer"].every((axis) => study.caseOf(block)[axis] === usual[axis]),
      );
}

/** Starts all: the first picture gets its controls at once, the rest is built when it comes near. */
async function start() {
  const data = document.getElementById("explorer-data");
  if (!data?.textContent) return;
  const study = new Study(await unpacked(data.textContent));
  const place = document.querySelector("[data-explorer]");
  const [picture, explorer] = [new Hero(study), place instanceof HTMLElement ? new Explorer(study, place) : null];
  let state = read(study, location.hash);
  let words = wordsIn(study.content.words, language());
  let near = false;

  const draw = () => {
    picture.draw(state, words);
    if (near) explorer?.draw(state, words);
  };
  /** @param {Partial<State>} change */
  const choose = (change) => {
    state = { ...state, ...change };
    history.replaceState(null, "", written(study, state, location.hash));
    // boxes of blocks stay as they are, so that the focus does
    const result =
      "blocks" in change && !("block" in change) && state.view === "ranking"
        ? place?.querySelector("[data-ranking]")
        : null;
    if (result) result.innerHTML = rankingResult(study, state, words);
    else draw();
  };
  const come = () => {
    if (near) return;
    near = true;
    draw();
    document.documentElement.dataset.explorerState = "built";
  };

  for (const kind of ["change", "input"])
    document.addEventListener(kind, ({ target }) => {
      if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
      if ((kind === "input") !== (target.type === "range")) return;
      const change = changeBy(study, state, target);
      if (change) choose(change);
    });
  place?.addEventListener("click", ({ target }) => {
    if (!(target instanceof HTMLButtonElement)) return;
    const { download: kind, blocks } = target.dataset;
    if (kind) download(fileOf(kind, study, state, words));
    if (blocks) {
      choose({ blocks: blocksOf(study, blocks) });
      for (const box of place.querySelectorAll('input[name="block"]'))
        if (box instanceof HTMLInputElement) box.checked = state.blocks.includes(Number(box.value));
    }
    if ("copy" in target.dataset) {
      navigator.clipboard?.writeText(fileOf("yaml", study, state, words).text).then(() => {
        const said = place.querySelector("[data-copied]");
        if (said) said.textContent = words.say("copied");
      });
    }
  });
  document.addEventListener("languagechange", () => {
    words = wordsIn(study.content.words, language());
    draw();
  });
  addEventListener("hashchange", () => {
    if (!location.hash.includes("=") && location.hash.length > 1) return;
    state = location.hash.includes("=") ? read(study, location.hash) : firstState(study);
    draw();
  });
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    if (explorer) explorer.width = 0;
    requestAnimationFrame(draw);
  });
  addEventListener("beforeprint", come);
  draw();
  if (place instanceof HTMLElement)
    new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && come(), {
      rootMargin: "600px",
    }).observe(place);
  document.documentElement.dataset.explorerState ??= "ready";
}

start();
