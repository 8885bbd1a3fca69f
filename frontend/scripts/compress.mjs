// Writes .br and .gz beside every compressible file of dist, so that the server never
// compresses at run time. index.html is left out: the server fills in its head.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = new URL('../dist', import.meta.url).pathname;
const compressible = /\.(js|css|svg|json|txt|webmanifest)$/;
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };

for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !compressible.test(entry.name) || entry.parentPath.includes('.vite'))
    continue;
  const path = join(entry.parentPath, entry.name);
  const source = readFileSync(path);
  writeFileSync(`${path}.br`, brotliCompressSync(source, brotli));
  writeFileSync(`${path}.gz`, gzipSync(source, { level: 9 }));
}
