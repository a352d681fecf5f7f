import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpClient } from '../../../server/outbound/http.ts';
import type { Check, CheckRow, CheckRun } from '../../checks/check-report.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { comeToRest } from '../come-to-rest.ts';
import { createCrowd } from '../crowd.ts';
import { judge } from '../judge.ts';
import { strikeAt } from '../kill-moment.ts';
import { leastOf, tellLeast } from '../least-of.ts';
import { retryFailed, takeTests } from '../people-at-work.ts';
import { createSeededRandom } from '../seeded-random.ts';
import { startFleet } from '../tools/fleet.ts';
import { type SilentProxy, startSilentProxy } from '../tools/silent-proxy.ts';

/** Each time takes as long as the database needs to give up a silent peer. */
const BUDGET_MS = 60_000;

/** A peer that is there and says nothing, neither answer nor end: an ATS or a vendor, and the database itself. */
export const halfOpen: Check = {
  id: 'R9',
  alone: true,
  what: 'a way that is cut without a word',
  budgetMs: { small: BUDGET_MS, full: BUDGET_MS },
  async run(given) {
    const [ats, database] = await Promise.all([silentAts(given), silentDatabase(given)]);
    return [ats, ...database];
  },
};

const CALLS = { small: 40, full: 200 };

async function silentAts({ size }: CheckRun): Promise<CheckRow> {
  const calls = CALLS[size];
  const timeoutMs = size === 'small' ? 2000 : 20_000;
  await using stack = new AsyncDisposableStack();
  const upstream = createServer((_, answer) => answer.end('{}'));
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  stack.defer(() => {
    upstream.closeAllConnections();
    upstream.close();
  });
  const proxy = await startSilentProxy({ port: (upstream.address() as AddressInfo).port, host: '127.0.0.1' });
  stack.defer(() => proxy.close());
  const host = `127.0.0.1:${proxy.port}`;
  const log = { debug: () => undefined, warn: () => undefined };
  const http = createHttpClient({ testHosts: [host], allowedHosts: [host], log, defaultTimeoutMs: timeoutMs });
  let made = 0;
  const call = async (write: boolean) => {
    const from = performance.now();
    made += 1;
    const path = `/call/${made}`;
    const result = await http.request({ method: write ? 'POST' : 'GET', url: `http://${host}${path}`, write });
    return { kind: result.ok ? 'ok' : result.kind, write, path, ms: performance.now() - from };
  };
  // What a machine without time for us makes of a call: the time was up before anything was sent, or before an answer was read.
  const isLate = ({ kind, write, path, ms }: Awaited<ReturnType<typeof call>>) =>
    ms >= timeoutMs && (kind === 'unreachable' || (write && kind === 'ambiguous')) && !proxy.swallowed().includes(`${path} `);
  const all = () => Promise.all(Array.from({ length: calls }, (_, index) => call(index % 2 === 1)));
  const before = await all();
  proxy.mute(60_000);
  const during = await all();
  proxy.unmute();
  const after = await all();
  // Reads keep theirs for the next one.
  const isTidy = () => proxy.open() <= calls / 2;
  await waitUntil(isTidy, { withinMs: 5000, describe: () => '' }).catch(() => undefined);
  const misnamed = during.filter(({ kind, write }) => kind !== (write ? 'ambiguous' : 'unreachable'));
  const unanswered = [...before, ...after].filter(({ kind }) => kind !== 'ok');
  const late = [...misnamed, ...unanswered].filter(isLate).length;
  const wrong = misnamed.filter((one) => !isLate(one)).length;
  const failed = unanswered.filter((one) => !isLate(one)).length;
  const slowest = Math.max(...during.map(({ ms }) => ms));
  return {
    ...{ id: 'R9', what: 'an ATS or vendor that takes the connection and then says nothing' },
    ...{ asked: `${CALLS.full} calls`, reached: `${calls} calls, time limit ${timeoutMs / 1000} s` },
    figure: `noticed after ${(slowest / 1000).toFixed(1)} s at most, ${wrong} taken for something else, ${failed} failed before and after, ${late} late, ${proxy.open()} connections left`,
    target: `noticed within ${timeoutMs / 1000} s, a write as "may have happened", no connection leaked`,
    wrong: wrong + failed + (isTidy() ? 0 : 1),
    met: slowest <= timeoutMs + 1000 && wrong + failed + late === 0 && isTidy(),
  };
}

const NOTICE_MS = 5000;
const BACK_MS = 15_000;
const TIMES = { small: 1, full: 4 };

async function silentDatabase({ seed, size, say }: CheckRun): Promise<CheckRow[]> {
  const times = TIMES[size];
  const from = performance.now();
  // What the keepalives of the database's own connections take; in the small run the check does not wait for so long.
  const outerGivesUpMs = size === 'small' ? 5000 : 20_000;
  const random = createSeededRandom(seed);
  await using stack = new AsyncDisposableStack();
  let proxy: SilentProxy | undefined;
  const fleet = await startFleet({
    name: 'half-open',
    roles: ['web', 'all', 'worker'],
    async addressFor(index, database) {
      if (index !== 1) return database;
      proxy ??= await startSilentProxy({ path: `${database.host}/.s.PGSQL.${database.port}` });
      return { ...database, host: proxy.host, port: proxy.port };
    },
  });
  stack.defer(async () => {
    await fleet.close();
    await proxy?.close();
  });
  const { world, reader, members } = fleet;
  const cut = members[1];
  const other = members[2];
  if (!cut || !other || !proxy) throw new Error('no process to cut off');
  const crowd = createCrowd(world, random, { waves: times * 2, singles: times * 10, twins: times });
  const connections = async () =>
    (
      await fleet.ask<{ count: number }>('select count(*)::int as count from pg_stat_activity where application_name like $1', [
        `tagalong ${cut.pid}-%`,
      ])
    )[0]?.count ?? 0;
  const isReady = async () => (await fetch(`${cut.address}/ready`)).status === 200;
  const noticed: number[] = [];
  const back: number[] = [];

  let time = 0;
  for (; time < times && (time === 0 || performance.now() - from < BUDGET_MS); time += 1) {
    const silenced = strikeAt(world.journal, { mark: 'invitation', nth: 1, afterMs: 0 }, () => proxy?.mute(outerGivesUpMs), 2000);
    crowd.act(time * 2);
    takeTests(world, random, 4);
    await silenced;
    noticed.push(await waitUntil(async () => !(await isReady()), { withinMs: 60_000, describe: () => 'never noticed' }));
    // The other one does everything meanwhile.
    crowd.act(time * 2 + 1);
    await comeToRest(world, reader);
    proxy.unmute();
    back.push(await waitUntil(isReady, { withinMs: 60_000, describe: () => 'never came back' }));
    say(`noticed after ${Math.round(noticed.at(-1) ?? 0)} ms, back after ${Math.round(back.at(-1) ?? 0)} ms`);
  }
  const reached = time;
  // Who has done nothing yet was never told of, and would count as lost.
  for (; time < times; time += 1) for (const wave of [time * 2, time * 2 + 1]) crowd.act(wave);
  // Whether it works again shows when there is nobody else.
  await other.end('SIGTERM');
  takeTests(world, random, 50);
  await retryFailed(world);
  await comeToRest(world, reader);
  const leaked = await connections();
  const { wrong, invitations } = await judge(fleet, reader, crowd.seekers);
  for (const sentence of Object.values(wrong).flat().slice(0, 10)) say(sentence);
  const sizes = { asked: `${TIMES.full} times`, reached: `${reached} times` };
  const least = leastOf(times, size);
  const [slowest, slowestBack] = [Math.max(...noticed), Math.max(...back)];
  return [
    {
      ...{ id: 'R9', what: 'one of several processes is cut off from the database in mid-work', ...sizes },
      figure: `noticed after ${(slowest / 1000).toFixed(1)} s, back ${(slowestBack / 1000).toFixed(1)} s after the way was open again, ${leaked} connections, L=${wrong.lost.length + wrong.silent.length}, D=${wrong.duplicated.length}`,
      target: `noticed within ${NOTICE_MS / 1000} s, back within ${BACK_MS / 1000} s, at most 46 connections, works again, L=0, D=0${tellLeast(least, 'times')}`,
      wrong: Object.values(wrong).flat().length + (leaked <= 46 ? 0 : 1),
      met:
        slowest <= NOTICE_MS &&
        slowestBack <= BACK_MS &&
        leaked <= 46 &&
        reached >= least &&
        invitations > 0 &&
        Object.values(wrong).flat().length === 0,
    },
  ];
}
