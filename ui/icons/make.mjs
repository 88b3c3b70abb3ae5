// Writes icons/icons.svg from names.txt. Run after a change of names: `npm ci && npm run icons`.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const assets = join(process.env.PHOSPHOR ?? join(here, "..", "node_modules", "@phosphor-icons", "core"), "assets");
const names = readFileSync(join(here, "names.txt"), "utf8").split("\n").filter(Boolean);
const weight = (name) => name.match(/-(bold|fill)$/)?.[1] ?? "regular";
const symbol = (name) => {
  const svg = readFileSync(join(assets, weight(name), `${name}.svg`), "utf8");
  return `<symbol id="i-${name}" viewBox="0 0 256 256">${svg.replace(/^<svg[^>]*>|<\/svg>\s*$/g, "")}</symbol>`;
};
writeFileSync(join(here, "..", "icons", "icons.svg"), names.map(symbol).join("\n") + "\n");
