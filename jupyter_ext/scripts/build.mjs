// Bundle src/index.tsx into escher/widgets/static: one module and one style sheet, nothing fetched at run time.
import { build } from "esbuild";

await build({
  entryPoints: { widget: new URL("../src/index.tsx", import.meta.url).pathname },
  outdir: new URL("../../escher/widgets/static/", import.meta.url).pathname,
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  logLevel: "info",
});
