import { fieldsOf } from '../fields-of.ts';
import { type AllowanceState, countFlying, readState, windowLeftMs } from '../outbound/allowance-state.ts';
import { known, WORDS } from './known-words.ts';

/** One value of a gauge; without labels where there is only one. */
export interface Point {
  gauge: StoreGauge;
  labels?: Readonly<Record<string, string>>;
  value: number;
}

/** The gauges that are read from the database when somebody asks, with their labels. */
export const STORE_GAUGES = {
  tagalong_webhooks_waiting: { help: 'Webhooks stored and not passed on yet, of connections that are switched on', labels: [] },
  tagalong_webhooks_waiting_oldest_seconds: { help: 'Age of the oldest of them, 0 without any', labels: [] },
  tagalong_lanes_behind: { help: 'Applications of which something was heard that is not decided yet', labels: [] },
  tagalong_effects_waiting: { help: 'Effects that are to be run or run again, by kind', labels: ['kind'] },
  tagalong_effects_waiting_oldest_seconds: { help: 'Age of the oldest of them, by kind', labels: ['kind'] },
  tagalong_failures_open: { help: 'Failures that wait for a person, by kind', labels: ['kind'] },
  tagalong_jobs_ready: { help: 'Jobs that could run now and have no worker, by queue', labels: ['queue'] },
  tagalong_jobs_ready_oldest_seconds: { help: 'For how long the oldest of them has been due, by queue', labels: ['queue'] },
  tagalong_sweep_age_seconds: { help: 'Since the last whole sweep of the connection that is furthest behind', labels: ['kind'] },
  tagalong_catalogue_age_seconds: { help: 'Since a vendor last told what it offers, the longest', labels: ['kind'] },
  tagalong_allowance_remaining: { help: 'Calls left of the credential that has fewest', labels: ['system'] },
  tagalong_allowance_paused_seconds: { help: 'For how long nothing may be called, the longest', labels: ['system'] },
  tagalong_erasures_open_oldest_seconds: { help: 'Age of the oldest erasure that is not finished, 0 without any', labels: [] },
  tagalong_audit_unlinked_oldest_seconds: { help: 'Age of the oldest entry outside the audit chain, 0 without any', labels: [] },
} as const satisfies Record<string, { help: string; labels: readonly string[] }>;

export type StoreGauge = keyof typeof STORE_GAUGES;
type Row = Record<string, unknown>;

/** One question to the database, answered from indexes that hold no more than what waits, and what its answer says. */
export interface Reading {
  name: string;
  text: string;
  points(rows: readonly Row[], now: Date): Point[];
}

export const READINGS: readonly Reading[] = [
  {
    name: 'webhooks',
    text: `select count(*) as waiting, min(d.received_at) as oldest from tagalong.deliveries d
      join tagalong.connections c on c.id = d.connection_id and c.enabled where d.relayed_at is null`,
    points: ([row], now) => [
      { gauge: 'tagalong_webhooks_waiting', value: Number(row?.waiting ?? 0) },
      { gauge: 'tagalong_webhooks_waiting_oldest_seconds', value: ageOf(row?.oldest, now) },
    ],
  },
  {
    name: 'lanes',
    text: 'select count(*) as behind from tagalong.applications where hinted > handled',
    points: ([row]) => [{ gauge: 'tagalong_lanes_behind', value: Number(row?.behind ?? 0) }],
  },
  {
    name: 'effects',
    text: `select kind, count(*) as waiting, min(created_at) as oldest from tagalong.effects
      where state in ('queued', 'calling') group by kind`,
    points: (rows, now) => [
      ...sumBy(rows, WORDS.effect, 'kind', 'waiting').map(([kind, value]): Point => {
        return { gauge: 'tagalong_effects_waiting', labels: { kind }, value };
      }),
      ...longestBy(rows, WORDS.effect, 'kind', (row) => ageOf(row.oldest, now)).map(([kind, value]): Point => {
        return { gauge: 'tagalong_effects_waiting_oldest_seconds', labels: { kind }, value };
      }),
    ],
  },
  {
    name: 'failures',
    text: `select kind, count(*) as open from tagalong.failures where state = 'open' group by kind`,
    points: (rows) => {
      const counted = new Map(sumBy(rows, WORDS.failure, 'kind', 'open'));
      // All of them, so that the first failure is a step from 0 and no series that begins.
      return [...new Set([...WORDS.failure, ...counted.keys()])].map((kind) => {
        return { gauge: 'tagalong_failures_open', labels: { kind }, value: counted.get(kind) ?? 0 };
      });
    },
  },
  {
    name: 'jobs',
    text: `select name, count(*) as ready, extract(epoch from now() - min(start_after)) as oldest from pgboss.job
      where state < 'active' and not blocked and start_after <= now() and name not like '%-dead' group by name`,
    points: (rows) => [
      ...sumBy(rows, WORDS.queue, 'name', 'ready').map(([queue, value]): Point => {
        return { gauge: 'tagalong_jobs_ready', labels: { queue }, value };
      }),
      ...longestBy(rows, WORDS.queue, 'name', (row) => Number(row.oldest)).map(([queue, value]): Point => {
        return { gauge: 'tagalong_jobs_ready_oldest_seconds', labels: { queue }, value };
      }),
    ],
  },
  {
    name: 'sweeps',
    text: `select kind, min(coalesce((sweep_state ->> 'sweptAt')::timestamptz, sweep_cursor, created_at)) as oldest
      from tagalong.connections where side = 'ats' and enabled and deleted_at is null group by kind`,
    points: (rows, now) =>
      longestBy(rows, WORDS.kind, 'kind', (row) => ageOf(row.oldest, now)).map(([kind, value]) => {
        return { gauge: 'tagalong_sweep_age_seconds', labels: { kind }, value };
      }),
  },
  {
    name: 'catalogues',
    text: `select c.kind, min(seen.at) as oldest from tagalong.connections c
      cross join lateral (select max(v.seen_at) as at from tagalong.vendor_catalogue v where v.vendor_connection_id = c.id) seen
      where c.side = 'vendor' and c.enabled and c.deleted_at is null and seen.at is not null group by c.kind`,
    points: (rows, now) =>
      longestBy(rows, WORDS.kind, 'kind', (row) => ageOf(row.oldest, now)).map(([kind, value]) => {
        return { gauge: 'tagalong_catalogue_age_seconds', labels: { kind }, value };
      }),
  },
  {
    name: 'allowances',
    text: `select key, state, extract(epoch from clock_timestamp()) * 1000 as now from tagalong.rate_allowances
      where updated_at > $1::timestamptz - interval '1 hour'`,
    points: (rows) => rows.flatMap(toAllowance).reduce(worst, []),
  },
  {
    name: 'erasures',
    text: 'select min(asked_at) as oldest from tagalong.erasures where finished_at is null',
    points: ([row], now) => [{ gauge: 'tagalong_erasures_open_oldest_seconds', value: ageOf(row?.oldest, now) }],
  },
  {
    name: 'audit',
    text: 'select min(at) as oldest from tagalong.audit where seq is null',
    points: ([row], now) => [{ gauge: 'tagalong_audit_unlinked_oldest_seconds', value: ageOf(row?.oldest, now) }],
  },
];

/** The first word of such a key is the system; the rest tells credentials apart and is shown to nobody. */
function toAllowance(row: Row): Point[] {
  const labels = { system: known(WORDS.allowance, String(row.key).split(' ', 1)[0] ?? '') };
  const now = Number(row.now);
  const state = readState(fieldsOf(row.state));
  const left = callsLeft(state, now);
  return [
    { gauge: 'tagalong_allowance_paused_seconds', labels, value: Math.max(state.pausedUntil - now, 0) / 1000 },
    ...(left === null ? [] : [{ gauge: 'tagalong_allowance_remaining' as const, labels, value: left }]),
  ];
}

/** Of a window that is over it is the next one's limit. Null while nothing was told. */
function callsLeft(state: AllowanceState, now: number): number | null {
  const { window, bucket } = state;
  if (window) {
    const isOver = windowLeftMs(state, window, now) === 0;
    return isOver ? window.limit : Math.max(window.remaining - countFlying(state, now), 0);
  }
  return bucket && Math.max(Math.floor(bucket.tokens), 0);
}

/** Of several credentials of one system the one that is worst off. */
function worst(points: Point[], point: Point): Point[] {
  const same = points.find(({ gauge, labels }) => gauge === point.gauge && labels?.system === point.labels?.system);
  if (!same) return [...points, point];
  same.value = (point.gauge === 'tagalong_allowance_remaining' ? Math.min : Math.max)(same.value, point.value);
  return points;
}

function sumBy(rows: readonly Row[], words: readonly string[], label: string, value: string): [string, number][] {
  return by(
    rows,
    words,
    label,
    (row) => Number(row[value]),
    (a, b) => a + b,
  );
}

function longestBy(
  rows: readonly Row[],
  words: readonly string[],
  label: string,
  value: (row: Row) => number,
): [string, number][] {
  return by(rows, words, label, value, Math.max);
}

function by(
  rows: readonly Row[],
  words: readonly string[],
  label: string,
  value: (row: Row) => number,
  merge: (a: number, b: number) => number,
): [string, number][] {
  const found = new Map<string, number>();
  for (const row of rows) {
    const word = known(words, String(row[label]));
    const before = found.get(word);
    found.set(word, before === undefined ? value(row) : merge(before, value(row)));
  }
  return [...found];
}

function ageOf(since: unknown, now: Date): number {
  return since instanceof Date ? Math.max(now.getTime() - since.getTime(), 0) / 1000 : 0;
}
