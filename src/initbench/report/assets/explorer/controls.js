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

/** The learning rates: the chosen one, or each that was tried; nothing where there is one. @param {Study} study @param {Words} words */
export function rateGroup(study, words) {
  const { rates } = study.content;
  if (rates.length < 2) return "";
  const tried = rates.map((rate, i) => ({ value: String(i + 1), text: rateText(rate) }));
  return radioGroup(
    "rate",
    words.term("learning_rate"),
    [{ value: "0", text: words.say("rate_chosen") }, ...tried],
    "0",
  );
}

/**
 * What a view of layers or curves can be set to: the quantity, and the update by a slider. Values are set by `setValues`, so that a
 * slider is not made anew while it is dragged.
 * @param {Study} study
 * @param {string} view
 * @param {number} rate
 * @param {Words} words
 */
export function quantityControls(study, view, rate, words) {
  /** @param {string} name @param {string[]} options */
  const select = (name, options) => {
    const texts = options.map(
      (one) => `<option value="${escaped(one)}">${escaped(words.say(`${name}_${one}`))}</option>`,
    );
    return `<label class="setting">${escaped(words.say(name))} <select name="${name}">${texts.join("")}</select></label>`;
  };
  if (view === "curves") return select("curve", Object.keys(study.content.curves));
  if (view !== "layers") return "";
  const steps = study.stepsAt(rate);
  const quantity = select("quantity", Object.keys(study.content.layers));
  if (steps.length < 2) return quantity;
  return `${quantity}<label class="setting">${escaped(words.term("step"))} <input type="range" name="update" min="0" max="${steps.length - 1}" step="1"> <output></output></label>`;
}

/** A box a start of the case; `setValues` ticks those that are shown. @param {Study} study @param {number} block @param {Words} words */
export function schemeBoxes(study, block, words) {
  const boxes = (study.cellsOf[block] ?? []).map((cell) => {
    const name = study.schemeOf(cell);
    return `<label class="box"><input type="checkbox" name="scheme" value="${escaped(name)}"><i style="background:${study.lookOf(cell).colour}"></i>${escaped(name)}</label>`;
  });
  return `<fieldset class="boxes"><legend>${escaped(words.term("scheme"))}</legend>${boxes.join("")}</fieldset>`;
}

/** Sets the controls to what is chosen. @param {HTMLElement} place @param {Study} study @param {import("./state.js").State} state */
export function setValues(place, study, state) {
  const one = study.caseOf(state.block);
  for (const axis of study.choices) check(place, `axis.${axis}`, String(one[axis]));
  check(place, "rate", String(state.rate));
  check(place, "view", state.view);
  for (const input of place.querySelectorAll(
    '[data-part="settings"] select, input[name="update"], input[name="scheme"]',
  )) {
    if (input instanceof HTMLSelectElement) input.value = input.name === "curve" ? state.curve : state.quantity;
    else if (input instanceof HTMLInputElement && input.name === "scheme")
      input.checked = !state.without.includes(input.value);
    else if (input instanceof HTMLInputElement) {
      input.value = String(Math.max(0, study.stepsAt(state.rate).indexOf(state.update)));
      input.setAttribute("aria-valuetext", String(state.update));
    }
  }
  const said = place.querySelector("output");
  if (said) said.textContent = String(state.update);
}
