import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWorld, type World, type WorldOptions } from '../simulators/world.ts';
import { freePort } from './free-port.ts';
import { type Company, type SetUpOptions, setUpCompany } from './set-up-company.ts';
import { type RunningServer, startServer } from './start-server.ts';

/** The simulated world, the real server as a process of its own, and a company set up in it. */
export interface Stage {
  world: World;
  company: Company;
  server: RunningServer;
  /** Where the server keeps everything. */
  dataDir: string;
  /** Ends the server as `how` says and starts it again on the same data and address, from now on with other settings where given. */
  restart(how: 'SIGTERM' | 'SIGKILL', settings?: Record<string, string>): Promise<void>;
  /** A fresh pairing code. */
  newCode(role: 'admin' | 'recruiter' | 'viewer'): Promise<string>;
  api<T>(method: string, path: string, body?: unknown): Promise<T>;
  close(): Promise<void>;
}

export interface StageOptions {
  name: string;
  world?: WorldOptions;
  setUp?: SetUpOptions;
  environment?: Record<string, string>;
}

/** Not made by mkdtemp: as root the database must be reachable for an unprivileged user. */
const dataDirOf = (name: string) => join(tmpdir(), `tagalong-${name}-${process.pid}`);

export async function startStage({ name, world: worldOptions, setUp, environment }: StageOptions): Promise<Stage> {
  const world = await startWorld(worldOptions);
  const port = await freePort();
  const dataDir = dataDirOf(name);
  const settings: Record<string, string> = {
    PORT: String(port),
    DATA_DIR: dataDir,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    TEST_HOSTS: world.testHosts,
    COMPANY: 'Analytical Engines',
    LOG_LEVEL: 'info',
    ...environment,
  };
  const logFile = `.output/logs/${name}.log`;
  const start = (hasAdmin: boolean) => startServer({ environment: settings, logFile, hasAdmin });
  let server: RunningServer;
  let company: Company;
  try {
    server = await start(false);
    company = await setUpCompany({ baseUrl: server.address, pairingCode: server.pairingCode ?? '', world, ...setUp });
  } catch (error) {
    await world.close();
    throw error;
  }
  const api = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${server.address}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${company.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  return {
    world,
    company,
    dataDir,
    get server() {
      return server;
    },
    async restart(how, changed = {}) {
      Object.assign(settings, changed);
      if (how === 'SIGKILL') await server.kill();
      else await server.stop();
      server = await start(true);
    },
    newCode: async (role) => (await api<{ code: string }>('POST', '/api/codes', { role, note: 'test' })).code,
    api,
    async close() {
      await server.stop();
      await world.close();
      if (existsSync(dataDir)) await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
