import { type SQL, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { Pool, PoolClient } from 'pg';
import { binaryArray } from './binary-array.ts';
import { isUniqueViolation } from './is-unique-violation.ts';
import { connections, deliveries, webhookEndpoints } from './schema.ts';
import { withSession } from './with-session.ts';

/** A verified webhook request, ready to be stored. */
export interface NewDelivery {
  endpointId: string;
  connectionId: string;
  /** What the secrets and settings were by which it was verified: see addressMark. */
  mark: string;
  key: string;
  event: string;
  receivedAt: Date;
  /** A list, as JSON. */
  hints: string;
  body: Uint8Array;
}

/**
 * stored: new, and committed. duplicate: what was stored before, or came twice in the same group. changed: not stored, because the
 * secrets, the settings or the connection are no longer those by which it was verified.
 */
export type Stored = 'stored' | 'duplicate' | 'changed';

/**
 * Stands for all that a verdict on a webhook rests on. Whoever verified by what he read earlier hands this mark over, and the statement
 * that stores compares it: so a secret that was revoked, or a connection that was deleted, counts at once and in every process.
 */
export const addressMark: SQL<string> = sql`md5(concat_ws('|', ${webhookEndpoints.secrets}::text, ${connections.kind},
  ${connections.secrets}::text, ${connections.settings}::text, ${connections.deletedAt}::text))`;

/**
 * One statement and so one commit for all that is given. What was given comes back only where it was there before; all else is counted. In
 * the order of the keys, so that two groups with the same keys never wait in a circle. The columns are laid out by the list of what is
 * selected, which reads them as it goes; a function in `from` would lay each down first, with its bytes.
 * https://www.postgresql.org/docs/current/xfunc-sql.html#XFUNC-SQL-FUNCTIONS-RETURNING-SET
 */
const statement = ({ onRepeat, returning, repeated }: OfRepeats, alsoNoted: SQL) =>
  new PgDialect().sqlToQuery(sql`
with live as (
  select asked.place, ${webhookEndpoints.id} as id, ${connections.id} as connection_id, ${connections.enabled} as enabled
  from unnest(${sql.placeholder('endpoints')}::uuid[], ${sql.placeholder('marks')}::text[]) with ordinality as asked(id, mark, place)
  join ${webhookEndpoints} on ${webhookEndpoints.id} = asked.id
  join ${connections} on ${connections.id} = ${webhookEndpoints.connectionId}
  where ${addressMark} = asked.mark
), written as (
  insert into ${deliveries} as d (endpoint_id, connection_id, delivery_key, event, received_at, hints, body, repeats)
  select live.id, live.connection_id, given.delivery_key, given.event, given.received_at, given.hints, given.body, given.repeats
  from (select unnest(${sql.placeholder('places')}::int4[]) as place, unnest(${sql.placeholder('keys')}::text[]) as delivery_key,
    unnest(${sql.placeholder('events')}::text[]) as event, unnest(${sql.placeholder('times')}::timestamptz[]) as received_at,
    unnest(${sql.placeholder('hints')}::jsonb[]) as hints, unnest(${sql.placeholder('bodies')}::bytea[]) as body,
    unnest(${sql.placeholder('repeats')}::int4[]) as repeats) as given
  join live on live.place = given.place
  order by live.id, given.delivery_key
  ${onRepeat}
  returning ${returning}
)${alsoNoted}
select array(select place::int4 from live) as live, (select coalesce(bool_or(enabled), false) from live) as awaited, count(*)::int4 as written,
  ${repeated} as repeated
from written`).sql;

interface OfRepeats {
  onRepeat: SQL;
  returning: SQL;
  repeated: SQL;
}

/** What was there before is counted once more and comes back. */
const COUNTED: OfRepeats = {
  onRepeat: sql`on conflict (endpoint_id, delivery_key) do update set repeats = d.repeats + excluded.repeats + 1`,
  returning: sql`endpoint_id, delivery_key, repeats`,
  repeated: sql`coalesce(json_agg(json_build_object('endpointId', endpoint_id, 'key', delivery_key, 'repeats', repeats))
    filter (where repeats > 0), '[]')`,
};
/** Where something was there before, nothing is stored: a quarter less work for the database. */
const REFUSED: OfRepeats = { onRepeat: sql``, returning: sql`1`, repeated: sql`null` };
/** Rarely, because it makes the commit heavier. Whoever is at it already is not waited for. */
const NOTED = sql`, noted as (
  update ${webhookEndpoints} set last_seen_at = ${sql.placeholder('now')}::timestamptz
  where id in (select id from ${webhookEndpoints} where id in (select id from live) and id = any(${sql.placeholder('seen')}::uuid[])
    for no key update skip locked)
)`;

/** By name, each planned once per connection. */
const STATEMENTS = {
  'store-deliveries': statement(COUNTED, sql``),
  'store-deliveries-and-note': statement(COUNTED, NOTED),
  'store-new-deliveries': statement(REFUSED, sql``),
  'store-new-deliveries-and-note': statement(REFUSED, NOTED),
} as const;

/** Repeats come in crowds, from a sender that was not answered in time: after one, others are reckoned with for so long. */
const CROWD_MS = 60_000;

/** Who has not answered by then is taken to be away, also where one statement follows another; the driver then gives the connection up. */
const ANSWER_MS = 4_500;

interface Answer {
  /** Which of the addresses are as they were when the webhooks were verified, counted from 1. */
  live: number[];
  awaited: boolean;
  written: number;
  /** Null: none was there before. */
  repeated: { endpointId: string; key: string; repeats: number }[] | null;
}

export interface StoredDeliveries {
  /** One for each that was given, in order. */
  outcomes: Stored[];
  /** Some of their connections are on: there is something to pass on. */
  isAwaited: boolean;
}

/** The first that came with its key in this group, and all of them. */
interface Same {
  place: number;
  first: NewDelivery;
  count: number;
}

export interface DeliveryStore {
  /**
   * Stores each once under its key, in one commit, and resolves after it. `seen` names addresses whose time of the last webhook is to be
   * brought up to `now`. Throws what the driver throws; then nothing was stored, or, when the connection broke, it is unknown.
   */
  store(given: readonly NewDelivery[], noted: { seen: readonly string[]; now: Date }): Promise<StoredDeliveries>;
}

export function createDeliveryStore(pool: Pool, steadyMs: () => number = () => performance.now()): DeliveryStore {
  let repeatAt = Number.NEGATIVE_INFINITY;
  return {
    async store(given, noted) {
      const grouped = groupSame(given);
      // On one session: the pool closes that of a statement that failed, and might not get another just then.
      const answer = await withSession(pool, async (client) => {
        const until = steadyMs() + ANSWER_MS;
        const areRepeatsLikely = steadyMs() - repeatAt < CROWD_MS;
        try {
          return await ask(client, grouped, { ...noted, areAllNew: !areRepeatsLikely, withinMs: ANSWER_MS });
        } catch (error) {
          if (areRepeatsLikely || !isUniqueViolation(error)) throw error;
          // Nothing of it was stored: the statement is one.
          repeatAt = steadyMs();
          return await ask(client, grouped, { ...noted, areAllNew: false, withinMs: Math.max(until - repeatAt, 1) });
        }
      });
      return outcomesOf(given, grouped, answer);
    },
  };
}

interface Asked {
  seen: readonly string[];
  now: Date;
  areAllNew: boolean;
  withinMs: number;
}

async function ask(
  client: PoolClient,
  { addresses, groups }: Grouped,
  { seen, now, areAllNew, withinMs }: Asked,
): Promise<Answer | undefined> {
  const isNoted = seen.length > 0;
  const name = `store${areAllNew ? '-new' : ''}-deliveries${isNoted ? '-and-note' : ''}` as const;
  const { rows } = await client.query<Answer>({
    // The driver takes it here, though its types do not know: https://node-postgres.com/apis/client
    ...{ query_timeout: withinMs },
    ...{ name, text: STATEMENTS[name] },
    values: [
      addresses.map(({ endpointId }) => endpointId),
      addresses.map(({ mark }) => mark),
      ...columnsOf(groups),
      ...(isNoted ? [now.toISOString(), seen] : []),
    ],
  });
  return rows[0];
}

function outcomesOf(given: readonly NewDelivery[], { groups, groupOf }: Grouped, answer: Answer | undefined): StoredDeliveries {
  const live = new Set(answer?.live);
  const expected = groups.filter(({ place }) => live.has(place)).length;
  // Nobody is told that something was stored because we believe so.
  if (!answer || answer.written !== expected) throw new Error(`the store wrote ${answer?.written} webhooks of ${expected}`);
  const repeatsOf = new Map(answer.repeated?.map(({ endpointId, key, repeats }) => [`${endpointId} ${key}`, repeats]));
  const outcomes = given.map((delivery, index): Stored => {
    const same = groupOf[index];
    if (!same || !live.has(same.place)) return 'changed';
    if (delivery !== same.first) return 'duplicate';
    const repeats = repeatsOf.size === 0 ? 0 : (repeatsOf.get(`${delivery.endpointId} ${delivery.key}`) ?? 0);
    // A row that was there before counts one more than came with this group.
    return repeats < same.count ? 'stored' : 'duplicate';
  });
  return { outcomes, isAwaited: answer.awaited };
}

/** In the order in which the statement has them. */
function columnsOf(groups: readonly Same[]): Buffer[] {
  const firsts = groups.map(({ first }) => first);
  const places = groups.map(({ place }) => place);
  const keys = firsts.map(({ key }) => key);
  const events = firsts.map(({ event }) => event);
  const times = firsts.map(({ receivedAt }) => receivedAt);
  const hints = firsts.map((first) => first.hints);
  const bodies = firsts.map(({ body }) => body);
  const repeats = groups.map(({ count }) => count - 1);
  return [
    binaryArray('int4', places),
    binaryArray('text', keys),
    binaryArray('text', events),
    binaryArray('timestamptz', times),
    binaryArray('jsonb', hints),
    binaryArray('bytea', bodies),
    binaryArray('int4', repeats),
  ];
}

/** As it was by one mark; while it changes, a group may hold two of them. */
interface Address {
  mark: string;
  place: number;
  byKey: Map<string, Same>;
}

type Grouped = ReturnType<typeof groupSame>;

/** What came more than once is sent once. Addresses are counted from 1, as PostgreSQL counts them. */
function groupSame(given: readonly NewDelivery[]) {
  const addresses: Pick<NewDelivery, 'endpointId' | 'mark'>[] = [];
  const byEndpoint = new Map<string, Address[]>();
  const addressOf = ({ endpointId, mark }: NewDelivery): Address => {
    const known = byEndpoint.get(endpointId) ?? [];
    const found = known.find((one) => one.mark === mark);
    if (found) return found;
    const fresh = { mark, place: addresses.push({ endpointId, mark }), byKey: new Map<string, Same>() };
    known.push(fresh);
    byEndpoint.set(endpointId, known);
    return fresh;
  };
  const groups: Same[] = [];
  const groupOf = given.map((delivery) => {
    const { key } = delivery;
    const address = addressOf(delivery);
    const same = address.byKey.get(key);
    if (same) {
      same.count += 1;
      return same;
    }
    const first: Same = { place: address.place, first: delivery, count: 1 };
    address.byKey.set(key, first);
    groups.push(first);
    return first;
  });
  return { addresses, groups, groupOf };
}
