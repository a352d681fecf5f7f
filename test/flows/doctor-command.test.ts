import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessReportSchema } from '../../lib/contract/access.ts';
import { ALL_SCOPES } from '../simulators/greenhouse/acts/credentials.ts';
import { startWorld, type World } from '../simulators/world.ts';
import { freePort } from '../support/free-port.ts';
import { setUpCompany } from '../support/set-up-company.ts';
import { type RunningServer, startServer } from '../support/start-server.ts';

let world: World;
let server: RunningServer;
let folder: string;
let environment: Record<string, string>;

beforeAll(async () => {
  world = await startWorld();
  folder = await mkdtemp(join(tmpdir(), 'tagalong-doctor-'));
  const port = await freePort();
  environment = {
    PORT: `${port}`,
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    DATA_DIR: join(folder, 'data'),
    TEST_HOSTS: world.testHosts,
  };
  server = await startServer({ environment, logFile: join(folder, 'server.log') });
  await setUpCompany({ baseUrl: server.address, pairingCode: server.pairingCode ?? '', world });
}, 120_000);

afterAll(async () => {
  await server?.stop();
  await world?.close();
  await rm(folder, { recursive: true, force: true });
});

/** The command as a person starts it, in a folder of its own so that its report lies there. */
async function doctor(...given: string[]) {
  const child = spawn(process.execPath, [resolve('server/doctor.ts'), ...given], {
    cwd: folder,
    env: { ...process.env, NODE_NO_WARNINGS: '1', ...environment },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { out, err, code };
}

describe('npm run doctor', () => {
  test('beside a running server: what is missing comes first, and the code says so', async () => {
    world.greenhouse.changeCredential({ scopes: ALL_SCOPES.filter((scope) => scope !== 'harvest:applications:move') });
    const { out, err, code } = await doctor('--connection', 'greenhouse');
    expect(err).toBe('');
    expect(out).toMatch(
      /^Greenhouse: Missing: harvest:applications:move\.\n\nMissing\. .*\n {2}harvest:applications:move +Moving candidates on/,
    );
    expect(code).toBe(1);
    world.greenhouse.changeCredential({ scopes: ALL_SCOPES });
  }, 60_000);

  test('nothing missing: 0, and the same for machines', async () => {
    const { out, code } = await doctor('--connection', 'Greenhouse', '--json');
    expect(code).toBe(0);
    const report = accessReportSchema.parse(JSON.parse(out));
    expect(report.ok).toBe(true);
    expect(JSON.parse(await readFile(join(folder, '.output/doctor.json'), 'utf8'))).toEqual(report);
  }, 60_000);

  test('a name that is not there: those that are, and 1', async () => {
    const { err, code } = await doctor('--connection', 'Workday');
    expect(code).toBe(1);
    expect(err).toContain('No single connection to an ATS is called “Workday”.');
    expect(err).toMatch(/ {2}Greenhouse {2}\([0-9a-f-]{36}\)/);
  }, 60_000);

  test('without a server it starts the database itself, and the server finds everything again', async () => {
    await server.stop();
    const { out, code, err } = await doctor('--connection', 'Lever');
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toContain('Opportunities: Read (Retrieve a single opportunity)');
    server = await startServer({ environment, logFile: join(folder, 'server.log'), hasAdmin: true });
    expect((await fetch(`${server.address}/ready`)).status).toBe(200);
  }, 120_000);
});
