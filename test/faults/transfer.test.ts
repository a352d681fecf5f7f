import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Stage } from '../support/stage.ts';
import { type NamedDatabase, startThrowawayPostgres, type ThrowawayPostgres } from '../support/throwaway-postgres.ts';
import { waitUntil } from '../support/wait-until.ts';
import { comeToRest } from './come-to-rest.ts';
import { createCrowd } from './crowd.ts';
import { startFaultStage } from './fault-stage.ts';
import { lostEntries } from './find-lost.ts';
import { judge, printRow, toFigures } from './judge.ts';
import { repeatSome, retryFailed, takeTests } from './people-at-work.ts';
import { createReader } from './read-store.ts';
import { chooseSeed, createSeededRandom } from './seeded-random.ts';
import type { Seeker } from './seekers.ts';
import { urlOf } from './tools/fleet.ts';

const run = promisify(execFile);
const WAVES = 8;
/** From this wave on the company works on its own database. */
const MOVES_AT = 4;

let stage: Stage;
let postgres: ThrowawayPostgres;
let own: NamedDatabase;
let restored: NamedDatabase;
let seekers: readonly Seeker[];
const files = { beside: join(tmpdir(), `${randomUUID()}.export`), moved: join(tmpdir(), `${randomUUID()}.export`) };
beforeAll(async () => {
  stage = await startFaultStage('transfer');
  postgres = await startThrowawayPostgres();
  own = await postgres.createDatabase();
  restored = await postgres.createDatabase();
});
afterAll(async () => {
  await stage?.close();
  await postgres?.stop();
  for (const file of Object.values(files)) await rm(file, { force: true });
});

const node = (script: string, args: string[], environment: Record<string, string>) =>
  run(process.execPath, [script, ...args], {
    env: { ...process.env, NODE_NO_WARNINGS: '1', DATA_DIR: stage.dataDir, ...environment },
  });

test('a company moves from the embedded database to its own in the middle of its work: nothing is lost, twice or silent', async () => {
  const seed = chooseSeed();
  process.stdout.write(`transfer: FAULT_SEED=${seed} repeats this run\n`);
  const random = createSeededRandom(seed);
  const { world } = stage;
  const crowd = createCrowd(world, random, { waves: WAVES, singles: 32, twins: 8 });
  const underWay: Promise<unknown>[] = [];
  const OWN = { DATABASE_URL: urlOf(own) };

  for (let wave = 0; wave < WAVES; wave += 1) {
    crowd.act(wave);
    takeTests(world, random, 4);
    underWay.push(repeatSome(world, random, 3));
    if (wave === MOVES_AT - 1) await node('server/export.ts', [files.beside], {});
    if (wave !== MOVES_AT) continue;
    await stage.server.stop();
    await node('server/export.ts', [files.moved], {});
    expect((await node('server/import.ts', [files.moved], OWN)).stdout).toContain('\nThis is taken for a move: ');
    await stage.restart('SIGTERM', OWN);
    underWay.push(retryFailed(world));
  }
  await Promise.all(underWay);
  const reader = createReader(() => own);
  await comeToRest(world, reader);

  ({ seekers } = crowd);
  const verdict = await judge(stage, reader, seekers);
  printRow({ seed, ...toFigures(verdict) });
  expect(verdict.wrong).toEqual({ lost: [], duplicated: [], silent: [] });
  expect(verdict.invitations).toBeGreaterThanOrEqual(10);
}, 240_000);

test('an export taken beside a server at work is one moment of it', async () => {
  // One or the other; nobody guesses which was meant.
  await expect(
    node('server/import.ts', [files.beside, '--move', '--restored'], { DATABASE_URL: urlOf(restored) }),
  ).rejects.toThrow('[--move | --restored]');
  const { stdout } = await node('server/import.ts', [files.beside], { DATABASE_URL: urlOf(restored) });
  expect(stdout).toMatch(
    /^Imported: \d+ rows\..*\nWhoever was erased after \d{4}-\d\d-\d\dT[^ ]+, when this export was made, is back\..*\nOther servers may have worked since \d{4}/,
  );
  const client = new Client(restored);
  await client.connect();
  try {
    const count = async (sql: string) => (await client.query<{ n: number }>(`select count(*)::int as n from ${sql}`)).rows[0]?.n;
    // What one commit wrote is there whole, in whichever order the tables were read.
    expect(
      await count('tagalong.effects e where not exists (select from tagalong.decisions d where d.effect_keys ? e.key)'),
    ).toBe(0);
    expect(
      await count(
        `tagalong.decisions d, jsonb_array_elements_text(d.effect_keys) k where not exists (select from tagalong.effects e where e.key = k)`,
      ),
    ).toBe(0);
    expect(await count('tagalong.decisions')).toBeGreaterThan(10);
  } finally {
    await client.end();
  }
});

test('a company goes on from that backup: what was done since is not done again, and nobody is passed over in silence', async () => {
  const { world } = stage;
  await stage.restart('SIGTERM', { DATABASE_URL: urlOf(restored) });
  const client = new Client(restored);
  await client.connect();
  try {
    // Ten minutes after a backup they are due by themselves.
    await client.query(`update tagalong.connections set sweep_due_at = now() where side = 'ats'`);
    await waitUntil(
      async () =>
        (await client.query(`select from tagalong.connections where side = 'ats' and sweep_due_at <= now()`)).rowCount === 0,
      { withinMs: 60_000, describe: () => 'the sweeps never came to their end' },
    );
  } finally {
    await client.end();
  }
  const reader = createReader(() => restored);
  await comeToRest(world, reader);
  const { wrong } = await judge(stage, reader, seekers);
  expect(wrong.duplicated).toEqual([]);
  expect(wrong.silent).toEqual([]);
  // Every crossing that the ATS shows was decided. Webhooks of that time stand in the other database, and results of what it sent.
  expect(lostEntries({ world, seekers, store: await reader.read() })).toEqual([]);
}, 240_000);
