// What the page uses of Observable Plot.
export { axisX, axisY, dot, line, link, plot, ruleX, ruleY, text } from "@observablehq/plot";
