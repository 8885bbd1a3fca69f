/* The real binary on free ports, with a database of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export const BINARY = resolve(process.env.SCOREHOLD_BIN ?? '../target/release/scorehold');
const READY_WITHIN = 15_000;

export interface Server {
  origin: string;
  /** Where it keeps its database and, in `outbox/`, the mails that it sends. */
  folder: string;
  /** The environment that it runs in, for other commands on the same database. */
  env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

export function freePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolvePort(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** `settings` come on top: a shop, for one. */
export async function startServer(settings: Record<string, string> = {}): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'scorehold-e2e-'));
  const [port, adminPort] = [await freePort(), await freePort()];
  const origin = `http://127.0.0.1:${port}`;
  const log = join(folder, 'server.log');
  const output = openSync(log, 'w');
  // Nothing of the caller's environment: a variable of production must not reach a test.
  const env = {
    PATH: process.env.PATH,
    SCOREHOLD__ENVIRONMENT: 'test',
    // Also for commands, which are run from another folder.
    SCOREHOLD__AUTH__SECRET: randomBytes(32).toString('hex'),
    SCOREHOLD__DATABASE__URL:
      process.env.SCOREHOLD_E2E_DATABASE_URL ?? `sqlite:${join(folder, 'e2e.db')}`,
    SCOREHOLD__SERVER__BIND: `127.0.0.1:${port}`,
    SCOREHOLD__SERVER__ADMIN_BIND: `127.0.0.1:${adminPort}`,
    SCOREHOLD__LIMITS__ENABLED: 'false',
    SCOREHOLD__DEMO__ENABLED: 'true',
    ...settings,
  };
  const child = spawn(BINARY, ['serve'], { cwd: folder, env, stdio: ['ignore', output, output] });
  try {
    await ready(child, origin);
  } catch (cause) {
    child.kill('SIGKILL');
    throw new Error(`the server did not start:\n${readFileSync(log, 'utf8')}`, { cause });
  }
  return {
    origin,
    env,
    folder,
    async stop() {
      const gone = new Promise((done) => child.once('exit', done));
      child.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true });
    },
  };
}

async function ready(child: ChildProcess, origin: string): Promise<void> {
  let failure: Error | null = null;
  child.once('error', (cause) => (failure = cause));
  child.once('exit', (code) => (failure = new Error(`exit code ${code}`)));
  for (const end = Date.now() + READY_WITHIN; Date.now() < end; await pause(50)) {
    if (failure) throw failure;
    const answer = await fetch(`${origin}/readyz`).catch(() => null);
    if (answer?.ok) return;
  }
  throw new Error(`not ready within ${READY_WITHIN} ms`);
}
