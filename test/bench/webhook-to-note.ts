import { fork } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { Agent, request as httpRequest } from 'node:http';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Check, CheckRow, CheckRun } from '../checks/check-report.ts';
import { childrenOf } from '../faults/tools/children-of.ts';
import { signReport } from '../simulators/byteboard/sign-report.ts';
import { cpuOf } from '../support/flow/cpu-of.ts';
import { type FlowOffice, portOf, startFlowOffice } from '../support/flow/flow-office.ts';
import type { NoteWritten } from '../support/flow/instant-ats.ts';
import { uuidOf } from '../support/flow/person-ids.ts';

const OPEN = { perSecond: 40, p50: 50, p99: 250 };
const SUSTAINED = { perSecond: 300, underWay: 60 };
const SIZES = { small: { rounds: 2, openMs: 3_000, people: 500 }, full: { rounds: 5, openMs: 6_000, people: 2_000 } };
const WARM_UP = 300;
/** A note that has not come by then is lost, which is a failure of the check. */
const PATIENCE_MS = 60_000;

/**
 * P6: a vendor's signed result comes in, is kept, the candidate is read anew at the ATS, the result is decided on, and the note stands at
 * the ATS; all of it counted from the sending of the webhook until the ATS has the note. In turns with a process that makes the same calls
 * and keeps what it must, and does nothing else.
 */
export const webhookToNote: Check = {
  id: 'P6',
  what: 'webhook to note',
  async run(given) {
    const stack = new AsyncDisposableStack();
    try {
      const flow = await startFlowOffice({ name: 'webhook-to-note' });
      stack.defer(() => flow.close());
      const file = join(tmpdir(), `tagalong-flow-control-${process.pid}`);
      const child = fork(new URL('../support/flow/flow-control.ts', import.meta.url), [
        file,
        flow.hook.secret,
        `${flow.atsPort}`,
      ]);
      stack.defer(async () => {
        child.kill();
        await rm(file, { force: true });
      });
      const controlPort = await portOf(child);
      const agent = new Agent({ keepAlive: true, maxSockets: SUSTAINED.underWay });
      stack.defer(() => agent.destroy());
      return await measure({ sender: createSender(flow, { agent, controlPort }), flow, control: child.pid ?? 0 }, given);
    } finally {
      await stack.disposeAsync();
    }
  },
};

interface Parties {
  sender: Sender;
  flow: FlowOffice;
  /** Its process. */
  control: number;
}
type Who = 'control' | 'tagalong';

/** One webhook and what became of it, in milliseconds since 1970. */
interface Trip {
  n: number;
  dueAt: number;
  acceptedAt: number;
  note: NoteWritten;
}

interface Sender {
  /** Resolves when the ATS has the note. */
  send(who: Who, dueAt: number): Promise<Trip>;
  /** The numbers that were used so far. */
  used(): number;
}

/** Everybody gets one result, so each webhook is about somebody who has none yet. */
function createSender(flow: FlowOffice, { agent, controlPort }: { agent: Agent; controlPort: number }): Sender {
  const waiting = new Map<string, (note: NoteWritten) => void>();
  flow.onNote((note) => {
    waiting.get(note.applicationId)?.(note);
    waiting.delete(note.applicationId);
  });
  let last = 0;
  return {
    used: () => last,
    async send(who, dueAt) {
      last += 1;
      const n = last;
      let timer: NodeJS.Timeout | undefined;
      const written = new Promise<NoteWritten>((resolve, reject) => {
        waiting.set(`${n}`, resolve);
        timer = setTimeout(() => reject(new Error(`${who} wrote no note within ${PATIENCE_MS} ms`)), PATIENCE_MS);
      });
      try {
        const port = who === 'control' ? controlPort : flow.office.port;
        const [status, note] = await Promise.all([post({ agent, port, hook: flow.hook, n }), written]);
        return { n, dueAt, acceptedAt: status, note };
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** When it was answered with 200; anything else throws. */
async function post(given: { agent: Agent; port: number; hook: FlowOffice['hook']; n: number }): Promise<number> {
  const { port, hook, n } = given;
  const body = JSON.stringify({
    invitation: uuidOf('invitation', n),
    state: 'scored',
    score: { value: n % 100, max: 100 },
    skills: [{ name: 'Code Quality', rating: 'Strong' }],
    report_url: `https://byteboard.dev/r/${n}`,
  });
  const signed = signReport({ secret: hook.secret, id: `msg_${n}_${port}`, at: new Date(), body });
  const headers = { ...signed, 'content-type': 'application/json', 'x-application': `${n}` };
  for (;;) {
    const status = await postOnce(given, { headers, body });
    if (status === 200) return Date.now();
    if (status !== 'stale') throw new Error(`a webhook was answered with ${status}`);
  }
}

/** `stale`: the other side was just closing the kept connection, so nothing has come of it. https://nodejs.org/api/http.html#requestreusedsocket */
function postOnce(
  { agent, port, hook }: { agent: Agent; port: number; hook: FlowOffice['hook'] },
  { headers, body }: { headers: Record<string, string>; body: string },
): Promise<number | 'stale' | undefined> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ agent, host: '127.0.0.1', port, path: hook.path, method: 'POST', headers }, (answer) => {
      answer.resume();
      answer.once('end', () => resolve(answer.statusCode));
    });
    sent.on('error', (error: NodeJS.ErrnoException) =>
      sent.reusedSocket && error.code === 'ECONNRESET' ? resolve('stale') : reject(error),
    );
    sent.end(body);
  });
}

async function measure({ sender, flow, control }: Parties, given: CheckRun): Promise<CheckRow[]> {
  const size = SIZES[given.size];
  const perOpen = Math.round((OPEN.perSecond * size.openMs) / 1000);
  await flow.plant({ from: 1, to: 2 * (WARM_UP + size.rounds * (perOpen + size.people)), state: 'sent' });
  for (const who of ['control', 'tagalong'] as const) await sustain(sender, who, WARM_UP);
  // A database that is in use does this by itself once a minute. What was planned while a table was empty reads all of it until then.
  await flow.office.ask('analyze');
  const load = () => loadavg()[0]?.toFixed(1);
  const open: Record<Who, Trip[][]> = { control: [], tagalong: [] };
  for (let round = 0; round < size.rounds; round += 1)
    for (const who of ['control', 'tagalong'] as const) open[who].push(await atPace(sender, who, perOpen));
  for (const who of ['control', 'tagalong'] as const)
    given.say(`${OPEN.perSecond}/s, ${who}: ${open[who].map((trips) => sayTimes(timesOf(trips))).join('; ')}`);
  given.say(`where the time goes (p50, p99 in ms): ${await whereTimeGoes(flow, open.tagalong.flat())}; load ${load()}`);
  const rates: Record<Who, number[]> = { control: [], tagalong: [] };
  const cpu = { server: 0, database: 0, control: 0 };
  for (let round = 0; round < size.rounds; round += 1) {
    const before = await cpuSoFar(flow, control);
    rates.control.push(await sustain(sender, 'control', size.people));
    rates.tagalong.push(await sustain(sender, 'tagalong', size.people));
    const after = await cpuSoFar(flow, control);
    for (const part of ['server', 'database', 'control'] as const) cpu[part] += after[part] - before[part];
  }
  const perNote = (part: keyof typeof cpu) => (cpu[part] / (size.rounds * size.people)).toFixed(1);
  const cost = `processor per note: server ${perNote('server')} ms, PostgreSQL ${perNote('database')} ms`;
  given.say(`${cost}, control ${perNote('control')} ms`);
  given.say(
    `notes/s, control ${rates.control.map(Math.round).join(' ')}; Tagalong ${rates.tagalong.map(Math.round).join(' ')}; load ${load()}`,
  );
  const reached = median(rates.tagalong);
  const of = (who: Who, share: number) => median(open[who].map((trips) => at(timesOf(trips), share)));
  const [p50, p99] = [of('tagalong', 0.5), of('tagalong', 0.99)];
  return [
    {
      id: 'P6',
      what: `webhook to note written at ${OPEN.perSecond}/s, each due at its time`,
      asked: `medians of ${SIZES.full.rounds} rounds of ${SIZES.full.openMs / 1000} s in turns`,
      reached: `${size.rounds} rounds of ${size.openMs / 1000} s, load ${load()}`,
      figure: `p50 ${p50} ms, p99 ${p99} ms (the same calls without the pipeline: ${of('control', 0.5)} and ${of('control', 0.99)} ms)`,
      target: `p50 <= ${OPEN.p50} ms, p99 <= ${OPEN.p99} ms`,
      met: p50 <= OPEN.p50 && p99 <= OPEN.p99,
    },
    {
      id: 'P6',
      what: `webhooks to notes, sustained, ${SUSTAINED.underWay} under way at any time`,
      asked: `medians of ${SIZES.full.rounds} rounds of ${SIZES.full.people} in turns`,
      reached: `${size.rounds} rounds of ${size.people}, load ${load()}`,
      figure: `${Math.round(reached)}/s (the same calls without the pipeline: ${Math.round(median(rates.control))}/s); ${cost}`,
      target: `>= ${SUSTAINED.perSecond}/s`,
      met: reached >= SUSTAINED.perSecond,
    },
  ];
}

/** Milliseconds of processor: unlike the rates, much the same whatever else runs on the machine. */
async function cpuSoFar({ office }: FlowOffice, control: number) {
  const { pid } = await office.postmaster();
  return {
    server: cpuOf([office.server.process.pid ?? 0]),
    database: cpuOf([pid, ...childrenOf(pid)]),
    control: cpuOf([control]),
  };
}

/** Sent when due, whatever became of those before. */
async function atPace(sender: Sender, who: Who, count: number): Promise<Trip[]> {
  const from = Date.now() + 50;
  const trips: Promise<Trip>[] = [];
  for (let number = 0; number < count; number += 1) {
    const dueAt = Math.round(from + (number * 1000) / OPEN.perSecond);
    await new Promise((resolve) => setTimeout(resolve, Math.max(dueAt - Date.now(), 0)));
    const trip = sender.send(who, dueAt);
    // One that fails while others are still to be sent is told of below.
    trip.catch(() => undefined);
    trips.push(trip);
  }
  return await Promise.all(trips);
}

/** As many under way as may be, one following the other; notes per second. */
async function sustain(sender: Sender, who: Who, count: number): Promise<number> {
  let left = count;
  const startedAt = performance.now();
  const one = async () => {
    while (left > 0) {
      left -= 1;
      await sender.send(who, Date.now());
    }
  };
  await Promise.all(Array.from({ length: SUSTAINED.underWay }, one));
  return (count * 1000) / (performance.now() - startedAt);
}

/** The stations, by the times in the tables and at the ATS. */
async function whereTimeGoes({ office }: FlowOffice, trips: readonly Trip[]): Promise<string> {
  const keys = trips.map(({ n }) => `'msg_${n}_${office.port}'`).join(', ');
  const rows = await office.ask<Record<'n' | 'relayed' | 'decided' | 'begun', string>>(`
    select split_part(d.delivery_key, '_', 2) as n, extract(epoch from d.relayed_at) * 1000 as relayed,
      extract(epoch from e.created_at) * 1000 as decided, extract(epoch from e.started_at) * 1000 as begun
    from tagalong.deliveries d
    join tagalong.effects e on e.key = 'note:' || (d.hints -> 0 ->> 'invitationId') || ':result:1'
    where d.delivery_key in (${keys})`);
  const tripOf = new Map(trips.map((trip) => [`${trip.n}`, trip]));
  const stations: Record<string, number[]> = {};
  for (const row of rows) {
    const trip = tripOf.get(row.n);
    if (!trip) continue;
    const times = {
      accept: [trip.dueAt, trip.acceptedAt],
      relay: [trip.acceptedAt, Number(row.relayed)],
      'lane begins to read': [Number(row.relayed), trip.note.readAt ?? Number.NaN],
      'reads and decides': [trip.note.readAt ?? Number.NaN, Number(row.decided)],
      'commits, effect begins': [Number(row.decided), Number(row.begun)],
      'note at the ATS': [Number(row.begun), trip.note.at],
    } as const;
    for (const [station, [from, to]] of Object.entries(times)) {
      const values = stations[station] ?? [];
      stations[station] = values;
      values.push(to - from);
    }
  }
  return Object.entries(stations)
    .map(([station, values]) => `${station} ${sayTimes(values.toSorted((a, b) => a - b))}`)
    .join(', ');
}

const timesOf = (trips: readonly Trip[]) => trips.map(({ dueAt, note }) => note.at - dueAt).toSorted((a, b) => a - b);
const sayTimes = (sorted: readonly number[]) => `${Math.round(at(sorted, 0.5))}, ${Math.round(at(sorted, 0.99))}`;

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.NaN;
}

function median(values: readonly number[]): number {
  return at(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}
