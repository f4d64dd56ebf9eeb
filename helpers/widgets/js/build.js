// Build the committed bundle: `node build.js`; or say whether it is up to date: `node build.js --check`.

import { readFileSync, writeFileSync } from "node:fs"
import { build } from "esbuild"

const BUNDLE = new URL("../explorer.js", import.meta.url)
const HEADER = "// Built by `make widget` from helpers/widgets/js: change it there.\n"

const { outputFiles } = await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: ["index.js"],
  bundle: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  banner: { js: HEADER },
  write: false,
})
const text = outputFiles[0].text

// The page that Python writes calls these by name, after the bundle in one module.
for (const name of ["mount", "unpack"]) {
  if (!text.includes(`function ${name}(`)) throw new Error(`the bundle has no function ${name}`)
}
if (!process.argv.includes("--check")) {
  writeFileSync(BUNDLE, text)
} else if (readFileSync(BUNDLE, "utf8") !== text) {
  console.error("helpers/widgets/explorer.js is not what js/ makes: run `make widget`.")
  process.exit(1)
}
