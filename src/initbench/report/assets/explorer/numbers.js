// Numbers as the rest of the page writes them: true minus signs, thousands separators, no more digits than say something.
// The same rules as base/numbers.py, to the last digit.

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const [SMALL, LARGE] = [1e-3, 1e6]; // outside of these a power of ten is easier to read

/**
 * A number with so many decimals; exact ties go to the even digit, as in Python.
 * @param {number} value
 * @param {number} decimals
 */
export function fixed(value, decimals) {
  const exact = value.toFixed(Math.min(100, decimals + 60));
  const rest = decimals ? exact.slice(exact.indexOf(".") + 1 + decimals) : exact.slice(exact.indexOf(".") + 1);
  const up = value.toFixed(decimals);
  if (!/^50*$/.test(rest) || Number(up.at(-1)) % 2 === 0) return up;
  const step = 10 ** -decimals;
  return (Math.abs(Number(up)) - step < 0 ? 0 : Number(up) - Math.sign(value) * step).toFixed(decimals);
}

/** @param {string} text */
const withMinus = (text) => text.replaceAll("-", "−");

/** @param {string} digits */
const grouped = (digits) => digits.replace(/^(-?\d+)/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ","));

/**
 * Such as 11,160, 0.0345, −0.2 or 5.9 × 10⁻²³; an empty text for what is missing.
 * @param {number | null | undefined} value
 * @param {number} [digits] significant ones
 * @returns {string}
 */
export function number(value, digits = 3) {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  if (!Number.isFinite(value)) return value < 0 ? "−∞" : "∞";
  if (Number.isInteger(value) && Math.abs(value) < LARGE) return withMinus(grouped(String(value === 0 ? 0 : value)));
  const rounded = Number(value.toExponential(digits - 1));
  if (Math.abs(rounded) >= SMALL && Math.abs(rounded) < LARGE) {
    const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(rounded))));
    return withMinus(grouped(fixed(rounded, decimals)));
  }
  const [mantissa = "", exponent = "0"] = value.toExponential(digits - 1).split("e");
  const raised = [...String(Number(exponent))].map((sign) => (sign === "-" ? "⁻" : RAISED[Number(sign)])).join("");
  const front = mantissa.includes(".") ? mantissa.replace(/0+$/, "").replace(/\.$/, "") : mantissa;
  if (front === "1") return `10${raised}`;
  return withMinus(front === "-1" ? `-10${raised}` : `${front} × 10${raised}`);
}

/**
 * A share as 59 % or 99.7 %, with a narrow space that does not break.
 * @param {number | null | undefined} share
 * @param {number} [digits]
 */
export function percent(share, digits = 0) {
  if (share === null || share === undefined || Number.isNaN(share)) return "";
  return `${withMinus(fixed(100 * share, digits))}\u202f%`;
}

/** A learning rate as it was written. @param {number} rate */
export const rateText = (rate) => withMinus(String(rate));
