import { startServer } from './server.ts';

export default async function globalSetup(): Promise<() => Promise<void>> {
  const server = await startServer();
  process.env.SCOREHOLD_E2E_BASE = server.origin;
  process.env.SCOREHOLD_E2E_FOLDER = server.folder;
  return () => server.stop();
}
