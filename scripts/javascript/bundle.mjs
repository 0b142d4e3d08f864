// Bundles what the page uses of Observable Plot and d3 into one file, the licences of all that is in it at its head:
//   make bundle-page
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const output = join(here, "../../src/initbench/report/assets/explorer/plot.js");

const { metafile, outputFiles } = await build({
  entryPoints: [join(here, "plot.mjs")],
  bundle: true,
  minify: true,
  format: "iife",
  globalName: "Plot",
  target: "es2022",
  legalComments: "none",
  metafile: true,
  write: false,
  absWorkingDir: here,
});

/** @type {Map<string, string[]>} licence → packages */
const licences = new Map();
const inside = Object.values(metafile.outputs).flatMap((made) =>
  Object.entries(made.inputs).filter(([, part]) => part.bytesInOutput),
);
const names = new Set(inside.flatMap(([path]) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? []));
for (const name of [...names].sort()) {
  const folder = join(here, "node_modules", name);
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  if (!file) throw new Error(`${name} comes without a licence`);
  const text = readFileSync(join(folder, file), "utf8").trim();
  licences.set(text, [...(licences.get(text) ?? []), `${name} ${version}`]);
}
const head = [...licences].map(([text, of]) => `${of.join(", ")}\n\n${text}`).join("\n\n--------\n\n");
if (head.includes("*/")) throw new Error("a licence ends a comment");
writeFileSync(
  output,
  `/*! Observable Plot and what it needs; made by scripts/javascript/bundle.mjs\n\n${head}\n*/\n${outputFiles[0].text}`,
);
console.log(`${output}: ${names.size} packages`);
