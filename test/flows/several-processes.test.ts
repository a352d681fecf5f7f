import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { parseEventStream } from '../../lib/browser/parse-event-stream.ts';
import { type StreamEvent, streamEventSchema } from '../../lib/contract/panel.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import { applyAtLever } from '../faults/seekers.ts';
import { type Fleet, startFleet, urlOf } from '../faults/tools/fleet.ts';
import { SOON } from '../support/soon.ts';

describe('three that start at once on an empty database', () => {
  const database = { ...inject('testServer'), database: `fresh_${randomUUID().replaceAll('-', '')}` };
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    await Promise.all(ends.splice(0).map((end) => end()));
    await command(`drop database if exists ${database.database} with (force)`);
  });

  test('all come up and say where they are; one prints the code for the first admin', async () => {
    await command(`create database ${database.database}`);
    const masterKey = randomBytes(32).toString('hex');
    const printed = (['web', 'web', 'worker'] as const).map((role) => start(role, masterKey));
    await vi.waitFor(
      () => expect(printed.map((lines) => lines.filter((line) => line.startsWith('address: ')).length)).toEqual([1, 1, 1]),
      { timeout: 30_000 },
    );
    const codes = () => printed.map((lines) => lines.filter((line) => line.startsWith('pairing code: ')).length);
    await vi.waitFor(() => expect(codes().toSorted()).toEqual([0, 0, 1]), SOON);
    expect(codes()[2]).toBe(0);
    const worker = printed[2]?.[0]?.slice('address: '.length) ?? '';
    const statusOf = async (path: string) => (await fetch(`${worker}${path}`)).status;
    expect([await statusOf(PATHS.health), await statusOf(PATHS.ready), await statusOf(PATHS.me)]).toEqual([200, 200, 404]);
  });

  function start(role: string, masterKey: string): string[] {
    const lines: string[] = [];
    const environment = { ROLE: role, PORT: '0', MASTER_KEY: masterKey, DATABASE_URL: urlOf(database), LOG_LEVEL: 'error' };
    const child = spawn(process.execPath, ['server/main.ts'], {
      env: { ...process.env, NODE_NO_WARNINGS: '1', ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    ends.push(() => {
      child.kill('SIGTERM');
      return ended;
    });
    return lines;
  }
});

describe('two that serve and one that works', () => {
  let fleet: Fleet;
  const readers = new AbortController();
  beforeAll(async () => {
    fleet = await startFleet({ name: 'several-processes', roles: ['web', 'web', 'worker'] });
  }, 60_000);
  afterAll(async () => {
    readers.abort();
    await fleet?.close();
  });

  async function listenAt(index: number): Promise<{ heard: StreamEvent[]; isOpen: boolean }> {
    const address = fleet.members[index]?.address;
    const answer = await fetch(`${address}${PATHS.stream}`, {
      headers: { authorization: `Bearer ${fleet.company.token}` },
      signal: readers.signal,
    });
    const line = { heard: [] as StreamEvent[], isOpen: true };
    const read = async () => {
      if (!answer.body) throw new Error(`no stream: ${answer.status}`);
      for await (const { data } of parseEventStream(answer.body)) line.heard.push(streamEventSchema.parse(JSON.parse(data)));
    };
    void read()
      .catch(() => undefined)
      .finally(() => {
        line.isOpen = false;
      });
    return line;
  }

  test('what came to one of them, and was done by another, is heard by the panels of both', async () => {
    const [one, two] = [await listenAt(0), await listenAt(1)];
    // Their webhooks go to the first.
    const [seeker] = applyAtLever(fleet.world, { name: 'Ada Byron', email: 'ada@mail.example', tag: 'Senior SWE' }, 1);
    seeker?.take({ kind: 'move', to: 'assessment' });
    const keys = ({ heard }: { heard: StreamEvent[] }) => new Set(heard.flatMap((event) => ('key' in event ? [event.key] : [])));
    await vi.waitFor(() => expect(fleet.world.coderbyte.invitations()).toHaveLength(1), { timeout: 10_000 });
    // A sweep may tell of others meanwhile.
    const [ada] = await fleet.ask<{ key: string }>(
      `select application_key as key from tagalong.invitations where person = 'ada@mail.example'`,
    );
    const key = ada?.key ?? expect.fail('no invitation is known');
    await vi.waitFor(() => expect([keys(one).has(key), keys(two).has(key)]).toEqual([true, true]), { timeout: 10_000 });
  });

  test('when the line on which changes are told breaks, the panels are made to ask again', async () => {
    const lines = [await listenAt(0), await listenAt(1)];
    // Known by what they ask every two seconds, for the first time two seconds after the start.
    const standing = `from pg_stat_activity where query = 'select' and datname = current_database()`;
    await vi.waitFor(async () => expect(await fleet.ask(`select pid ${standing}`)).toHaveLength(3), { timeout: 10_000 });
    await fleet.ask(`select pg_terminate_backend(pid) ${standing}`);
    await vi.waitFor(() => expect(lines.map(({ isOpen }) => isOpen)).toEqual([false, false]), SOON);
    const [again] = [await listenAt(1)];
    const [seeker] = applyAtLever(fleet.world, { name: 'Ben Moss', email: 'ben@mail.example', tag: 'Senior SWE' }, 1);
    seeker?.take({ kind: 'move', to: 'assessment' });
    await vi.waitFor(() => expect(again?.heard.length).toBeGreaterThan(0), { timeout: 10_000 });
  });
});

async function command(sql: string): Promise<void> {
  const client = new Client({ ...inject('testServer'), database: 'postgres' });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
