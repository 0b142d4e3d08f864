declare const Plot: typeof import("@observablehq/plot");
