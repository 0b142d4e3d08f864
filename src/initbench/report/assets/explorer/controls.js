// The controls: native radio groups, which the arrow keys move through, each in its fieldset.
import { rateText } from "./numbers.js";
import { escaped } from "./words.js";

/** @typedef {import("./study.js").Study} Study */
/** @typedef {import("./words.js").Words} Words */

/**
 * A radio group as HTML.
 * @param {string} name
 * @param {string} legend
 * @param {{ value: string, text: string, note?: string }[]} options
 * @param {string} chosen
 */
export function radioGroup(name, legend, options, chosen) {
  const marks = options.map(
    ({ value, text, note }) =>
      `<label${note ? ` title="${escaped(note)}"` : ""}><input type="radio" name="${escaped(name)}" value="${escaped(value)}"${value === chosen ? " checked" : ""}><span>${escaped(text)}</span></label>`,
  );
  return `<fieldset class="choice"><legend>${escaped(legend)}</legend><div>${marks.join("")}</div></fieldset>`;
}

/**
 * The groups of some axes, at a block.
 * @param {Study} study
 * @param {string[]} axes
 * @param {number} block
 * @param {string} prefix
 * @param {Words} words
 */
export function axisGroups(study, axes, block, prefix, words) {
  const one = study.caseOf(block);
  return axes
    .map((axis) => {
      const options = (study.content.axes[axis] ?? []).map((value) => ({
        value: String(value),
        text: words.term(value),
      }));
      return radioGroup(`${prefix}.${axis}`, words.term(axis), options, String(one[axis]));
    })
    .join("");
}

/** Marks in a group what is chosen. @param {ParentNode} root @param {string} name @param {string} value */
export function check(root, name, value) {
  for (const input of root.querySelectorAll(`input[name="${CSS.escape(name)}"]`))
    if (input instanceof HTMLInputElement) input.checked = input.value === value;
}

/** The learning rates: the chosen one, or each that was tried; nothing where there is one. @param {Study} study @param {import("./state.js").State} state @param {Words} words */
export function rateGroup(study, state, words) {
  const { rates } = study.content;
  if (rates.length < 2) return "";
  const options = [
    { value: "0", text: words.say("rate_chosen") },
    ...rates.map((rate, i) => ({ value: String(i + 1), text: rateText(rate) })),
  ];
  return radioGroup("rate", words.term("learning_rate"), options, String(state.rate));
}

/** What a view of layers or curves can be set to: the quantity, and the update by a slider. @param {Study} study @param {import("./state.js").State} state @param {Words} words */
export function quantityControls(study, state, words) {
  /** @param {string} name @param {string[]} options @param {string} chosen */
  const select = (name, options, chosen) =>
    `<label class="setting">${escaped(words.say(name))} <select name="${name}">${options.map((one) => `<option value="${escaped(one)}"${one === chosen ? " selected" : ""}>${escaped(words.say(`${name}_${one}`))}</option>`).join("")}</select></label>`;
  if (state.view === "curves") return select("curve", Object.keys(study.content.curves), state.curve);
  if (state.view !== "layers") return "";
  const steps = study.stepsAt(state.rate);
  const quantity = select("quantity", Object.keys(study.content.layers), state.quantity);
  if (steps.length < 2) return quantity;
  const at = Math.max(0, steps.indexOf(state.update));
  return `${quantity}<label class="setting">${escaped(words.term("step"))} <input type="range" name="update" min="0" max="${steps.length - 1}" step="1" value="${at}" aria-valuetext="${state.update}"> <output>${state.update}</output></label>`;
}

/** A box a start of the case. @param {Study} study @param {import("./state.js").State} state @param {Words} words */
export function schemeBoxes(study, state, words) {
  const boxes = (study.cellsOf[state.block] ?? []).map((cell) => {
    const name = study.schemeOf(cell);
    return `<label class="box"><input type="checkbox" name="scheme" value="${escaped(name)}"${state.without.includes(name) ? "" : " checked"}><i style="background:${study.lookOf(cell).colour}"></i>${escaped(name)}</label>`;
  });
  return `<fieldset class="boxes"><legend>${escaped(words.term("scheme"))}</legend>${boxes.join("")}</fieldset>`;
}
