/* Any web server can host the app: here one that knows nothing of Scorehold but a folder. */
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const DIST = new URL('../../dist', import.meta.url).pathname;
const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export async function hostStatically(api: string): Promise<{ origin: string; close(): void }> {
  const meta = `<meta name="scorehold:api" content="${api}" />`;
  const index = readFileSync(join(DIST, 'index.html'), 'utf8').replace(
    '<!--scorehold:head-->',
    meta,
  );
  const policy = `default-src 'self'; connect-src ${api}; img-src 'self' data: blob:`;
  const server = createServer((request, response) => {
    const path = join(DIST, normalize(new URL(request.url ?? '/', 'http://host').pathname));
    response.setHeader('Content-Security-Policy', policy);
    if (existsSync(path) && statSync(path).isFile()) {
      response.setHeader('Content-Type', TYPES[extname(path)] ?? 'application/octet-stream');
      createReadStream(path).pipe(response);
    } else {
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.end(index);
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, close: () => server.close() };
}
