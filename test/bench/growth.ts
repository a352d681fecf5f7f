import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import { PATHS } from '../../lib/contract/paths.ts';
import type { Check, CheckRow, CheckRun } from '../checks/check-report.ts';
import { signReport } from '../simulators/byteboard/sign-report.ts';
import type { Round, RoundResult } from '../support/accept/load-generator.ts';
import { type FlowOffice, startFlowOffice } from '../support/flow/flow-office.ts';
import { uuidOf } from '../support/flow/person-ids.ts';
import { plantMany } from '../support/flow/plant-many.ts';
import { waitUntil } from '../support/wait-until.ts';

const SMALL = 1_000;
const TARGET = 1.5;
/** Filling ends when the time is over, whatever number of people there are then; the indexes take about a half more. */
const SIZES = {
  small: { people: 100_000, fillMs: 15_000, rounds: 5, reads: 300, acceptMs: 1_000 },
  full: { people: 1_000_000, fillMs: 150_000, rounds: 7, reads: 1_600, acceptMs: 4_000 },
};
/** A round is divided into turns as short as these, so that what the machine does besides for a moment meets both. */
const TURN = { reads: 20, acceptMs: 250 };
const READERS = 2;
/** Every so manieth has no tag: the panel then looks for what the job used last. */
const UNTAGGED_EVERY = 4;
/** The newest was invited so long ago: whatever looks at the last week or month has much to look at. */
const NEWEST_MS = 3_600_000;
const REST_WITHIN_MS = 60_000;
/** Until statements that are asked often have their plans, see server/storage/name-statements.ts. */
const WARM_UP_TURNS = { reads: 10, accepts: 3 };
const ACCEPT = { perSecond: 200, connections: 16 };
/** People whose results come in at last, for a look at which tables are read from end to end meanwhile. */
const RESULTS = 40;
/** Smaller tables are read from end to end because that is quicker. */
const LARGE_ROWS = 10_000;
const LOOK_MS = 6_000;

/**
 * P8: the panel and the accept of webhooks with 1e3 people and with as many as the time allows, up to 1e6. Two servers with a database each,
 * asked in turns, so that what else runs on the machine meets both.
 */
export const growth: Check = {
  id: 'P8',
  what: 'growth',
  async run(given) {
    const size = SIZES[given.size];
    const stack = new AsyncDisposableStack();
    try {
      const [few, many] = [await openOffice(stack, 'growth-few'), await openOffice(stack, 'growth-many')];
      await plant(few, { people: SMALL, fillMs: size.fillMs });
      const startedAt = performance.now();
      await plant(many, size);
      given.say(`${many.people} people planted in ${Math.round((performance.now() - startedAt) / 1000)} s, load ${load()}`);
      const generator = fork(new URL('../support/accept/load-generator.ts', import.meta.url));
      stack.defer(() => void generator.kill());
      await once(generator, 'message');
      return [...(await compare({ few, many, generator }, given)), await lookForScans(many, given)];
    } finally {
      await stack.disposeAsync();
    }
  },
};

interface Grown {
  flow: FlowOffice;
  token: string;
  people: number;
}

async function openOffice(stack: AsyncDisposableStack, name: string): Promise<Grown> {
  const flow = await startFlowOffice({ name });
  stack.defer(() => flow.close());
  const { pairingCode, address } = flow.office.server;
  const response = await fetch(`${address}${PATHS.pair}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: pairingCode, name: 'Rosa Ibarra', device: 'bench' }),
  });
  const { token }: { token?: unknown } = await response.json();
  if (typeof token !== 'string') throw new Error(`pairing was answered with ${response.status}`);
  return { flow, token, people: 0 };
}

/** The first ones wait for their results, all others are of the past. */
async function plant(grown: Grown, { people, fillMs }: { people: number; fillMs: number }): Promise<void> {
  const { flow } = grown;
  await flow.office.ask(SECOND_ASSESSMENT, [flow.ids.assessmentId]);
  const since = new Date(Date.now() - NEWEST_MS - people * 1_000);
  await flow.plant({ from: 1, to: RESULTS, state: 'sent', isFresh: true, withAudit: true, since });
  grown.people = await plantMany(() => flow.office.session(), {
    ...{ ...flow.ids, from: RESULTS + 1, to: people, withinMs: fillMs },
    ...{ state: 'scored', isFresh: true, withAudit: true, untaggedEvery: UNTAGGED_EVERY, since },
  });
}

/** With one alone there would be nothing to choose from. */
const SECOND_ASSESSMENT = `insert into tagalong.assessments select other.* from tagalong.assessments a, jsonb_populate_record(a,
  '{"id":"5eed0000-0000-4000-8000-000000000002","external_id":"data-take-home","name":"Data take-home","tag":"Data take-home"}') other
  where a.id = $1`;

/** The database does nothing of its own accord. https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW */
async function untilAtRest({ flow }: Grown): Promise<void> {
  const isAtRest = async () => {
    const busy = await flow.office.ask(
      `select from pg_stat_activity where backend_type in ('autovacuum worker', 'parallel worker')`,
    );
    return busy.length === 0;
  };
  await waitUntil(isAtRest, { withinMs: REST_WITHIN_MS, everyMs: 200, describe: () => 'autovacuum does not end' });
}

const OFFICES = ['few', 'many'] as const;
type Times = Record<(typeof OFFICES)[number], number[]>;

async function compare(
  { few, many, generator }: { few: Grown; many: Grown; generator: ChildProcess },
  given: CheckRun,
): Promise<CheckRow[]> {
  const size = SIZES[given.size];
  const measures = [
    {
      what: 'panel read',
      turns: size.reads / TURN.reads,
      warmUp: WARM_UP_TURNS.reads,
      measure: (grown: Grown) => readPanels(grown, TURN.reads),
    },
    {
      what: 'accept of webhooks',
      turns: size.acceptMs / TURN.acceptMs,
      warmUp: WARM_UP_TURNS.accepts,
      measure: (grown: Grown) => acceptAtPace(grown, generator, TURN.acceptMs),
    },
  ];
  const offices = { few, many };
  const rows: CheckRow[] = [];
  for (const { what, turns, warmUp, measure } of measures) {
    // What every process and every session does once is no growth.
    for (let turn = 0; turn < warmUp; turn += 1) for (const name of OFFICES) await measure(offices[name]);
    for (const name of OFFICES) await untilAtRest(offices[name]);
    const p99: Times = { few: [], many: [] };
    const p50: Times = { few: [], many: [] };
    for (let round = 0; round < size.rounds; round += 1) {
      const times: Times = { few: [], many: [] };
      for (let turn = 0; turn < turns; turn += 1) {
        // Each is as often the first as the second.
        for (const name of turn % 2 === 0 ? OFFICES : OFFICES.toReversed()) times[name].push(...(await measure(offices[name])));
      }
      for (const name of OFFICES) {
        const sorted = times[name].toSorted((a, b) => a - b);
        p99[name].push(at(sorted, 0.99));
        p50[name].push(at(sorted, 0.5));
      }
    }
    given.say(`${what}, p99 in ms: few ${sayAll(p99.few)}; many ${sayAll(p99.many)}; load ${load()}`);
    // Round by round: what made a round slow made it slow for both.
    const reached = median(p99.many.map((value, round) => value / (p99.few[round] ?? Number.NaN)));
    rows.push({
      id: 'P8',
      what: `${what}: p99 with ${many.people} applications against ${few.people}`,
      asked: `${SIZES.full.people} applications, medians of ${SIZES.full.rounds} rounds in turns`,
      reached: `${many.people} applications, ${size.rounds} rounds, load ${load()}`,
      figure: `${reached.toFixed(2)} in the median round (medians of all: p99 ${sayBoth(p99)}; p50 ${sayBoth(p50)})`,
      target: `<= ${TARGET}`,
      met: reached <= TARGET,
    });
  }
  return rows;
}

let panelsRead = 0;

/** Of people all over the table, always others; milliseconds. */
async function readPanels(grown: Grown, reads: number): Promise<number[]> {
  const times: number[] = [];
  let left = reads;
  const reader = async () => {
    while (left > 0) {
      left -= 1;
      panelsRead += 1;
      const applicationId = 1 + ((panelsRead * 7_919 + 13) % grown.people);
      const startedAt = performance.now();
      const view = await get(grown, `${PATHS.panel}?ats=greenhouse&host=app.greenhouse.io&applicationId=${applicationId}`);
      times.push(performance.now() - startedAt);
      if (!isApplication(view)) throw new Error(`the panel shows ${JSON.stringify(view).slice(0, 200)}`);
    }
  };
  await Promise.all(Array.from({ length: READERS }, reader));
  return times;
}

function isApplication(view: unknown): boolean {
  return typeof view === 'object' && view !== null && 'kind' in view && view.kind === 'application';
}

async function get({ flow, token }: Grown, path: string): Promise<unknown> {
  const response = await fetch(`${flow.office.server.address}${path}`, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
  return await response.json();
}

async function acceptAtPace({ flow }: Grown, generator: ChildProcess, ms: number): Promise<number[]> {
  const { port, addresses } = flow.office;
  generator.send({ port, addresses, ms, ...ACCEPT } satisfies Round);
  const [result] = (await once(generator, 'message')) as [RoundResult];
  if (Object.keys(result.others).length > 0) throw new Error(`webhooks were answered with ${JSON.stringify(result.others)}`);
  return result.latencies;
}

/**
 * Everything that looks for something is at work for a while: results that come in and their notes, the recurring chores, panels and
 * the pages of admins. Whatever reads a large table from end to end meanwhile lacks an index.
 */
async function lookForScans(grown: Grown, given: CheckRun): Promise<CheckRow> {
  const { flow } = grown;
  const before = await countScans(flow);
  const until = Date.now() + LOOK_MS;
  let notes = 0;
  flow.onNote(() => {
    notes += 1;
  });
  for (let n = 1; n <= RESULTS; n += 1) await sendResult(flow, n);
  const pages = [PATHS.waiting, PATHS.failures, PATHS.activity, PATHS.deliveries, PATHS.overview, PATHS.connections];
  for (const page of pages) await get(grown, page);
  await readPanels(grown, 40);
  while (Date.now() < until || (notes < RESULTS && Date.now() < until + 30_000))
    await new Promise((done) => setTimeout(done, 100));
  const after = await countScans(flow);
  const scans = [...after].flatMap(([table, count]) => {
    const more = count - (before.get(table) ?? 0);
    return more > 0 ? [`${table} ${more}`] : [];
  });
  given.say(`${notes} results became notes, ${pages.length} pages were shown, ${after.size} tables are large`);
  return {
    id: 'P8',
    what: 'large tables that are read from end to end while results come in, chores run, panels and pages are shown',
    asked: `${SIZES.full.people} applications`,
    reached: `${grown.people} applications, ${notes} results, ${after.size} tables with more than ${LARGE_ROWS} rows`,
    figure: scans.length === 0 ? 'none' : scans.join(', '),
    target: 'none',
    met: scans.length === 0 && notes === RESULTS && after.size >= 8,
  };
}

/** How often each large table was read from end to end. https://www.postgresql.org/docs/current/monitoring-stats.html */
async function countScans({ office }: FlowOffice): Promise<Map<string, number>> {
  const rows = await office.ask<{ table: string; scans: string }>(
    `select relname as table, seq_scan as scans from pg_stat_user_tables where schemaname = 'tagalong' and n_live_tup > ${LARGE_ROWS}`,
  );
  return new Map(rows.map(({ table, scans }) => [table, Number(scans)]));
}

async function sendResult({ office, hook }: FlowOffice, n: number): Promise<void> {
  const body = JSON.stringify({ invitation: uuidOf('invitation', n), state: 'scored', score: { value: 80, max: 100 } });
  const headers = signReport({ secret: hook.secret, id: `msg_growth_${n}`, at: new Date(), body });
  const response = await fetch(`${office.server.address}${hook.path}`, { method: 'POST', headers, body });
  if (response.status !== 200) throw new Error(`a result was answered with ${response.status}`);
}

const load = () => loadavg()[0]?.toFixed(1);
const sayBoth = ({ few, many }: Times) => `${median(many).toFixed(1)} and ${median(few).toFixed(1)} ms`;
const sayAll = (values: readonly number[]) => values.map((value) => value.toFixed(0)).join(' ');

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.NaN;
}

function median(values: readonly number[]): number {
  return at(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}
