// Fails the build when a page outgrows its byte budget (gzip). What counts for a page is
// everything the browser loads before it works: its chunk and all static imports.
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const KB = 1024;
const dist = new URL('../dist', import.meta.url).pathname;
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'));
const sum = (files) => files.reduce((size, file) => size + statSync(join(dist, file)).size, 0);
const zipped = (chunks) => sum([...chunks].map((chunk) => `${chunk.file}.gz`));

/** A chunk and everything it imports, without what is there already. */
function closure(key, loaded = new Set(), found = new Set()) {
  const chunk = manifest[key];
  if (loaded.has(chunk) || found.has(chunk)) return found;
  found.add(chunk);
  (chunk.imports ?? []).forEach((name) => closure(name, loaded, found));
  return found;
}

// What index.html starts holds the board's page: it is what people come for.
const [, start] = /src="\/(assets\/[^"]+\.js)"/.exec(
  readFileSync(join(dist, 'index.html'), 'utf8'),
);
const board = closure(Object.keys(manifest).find((key) => manifest[key].file === start));
const styles = readdirSync(join(dist, 'assets')).filter((name) => name.endsWith('.css.gz'));
const lazy = Object.keys(manifest).filter((key) => manifest[key].isDynamicEntry);

const checks = [
  ['board JS', zipped(board), 35 * KB],
  ['all CSS', sum(styles.map((name) => `assets/${name}`)), 12 * KB],
  ...lazy.map((key) => [`lazy ${key}`, zipped(closure(key, board)), 40 * KB]),
];
for (const [name, size, limit] of checks) {
  console.log(`${(size / KB).toFixed(1).padStart(6)} of ${limit / KB} KB gz  ${name}`);
}
// The manifest served this check only and is no part of what is shipped.
rmSync(join(dist, '.vite'), { recursive: true });
if (checks.some(([, size, limit]) => size > limit)) {
  console.error('A byte budget is exceeded.');
  process.exit(1);
}
