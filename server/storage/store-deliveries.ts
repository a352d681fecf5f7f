import { type SQL, sql } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import type { Pool } from 'pg';
import { connections, deliveries, webhookEndpoints } from './schema.ts';

/** A verified webhook request, ready to be stored. */
export interface NewDelivery {
  endpointId: string;
  connectionId: string;
  /** What the secrets and settings were by which it was verified: see addressMark. */
  mark: string;
  key: string;
  event: string;
  receivedAt: Date;
  hints: readonly object[];
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
 * One statement and so one commit for all that is given. The bodies go in one piece of bytes, each cut out by its place: as an array they
 * would travel as text of twice the size. In the order of the keys, so that two groups with the same keys never wait in a circle.
 */
const STATEMENT = new PgDialect().sqlToQuery(sql`
with given as (
  select * from json_to_recordset(${sql.placeholder('rows')}::json) as given(endpoint_id uuid, connection_id uuid, mark text, delivery_key text,
    event text, received_at timestamptz, hints jsonb, repeats int, place int, size int)
), live as (
  select ${webhookEndpoints.id} as id, ${addressMark} as mark
  from ${webhookEndpoints} join ${connections} on ${connections.id} = ${webhookEndpoints.connectionId}
  where ${webhookEndpoints.id} in (select endpoint_id from given)
), noted as (
  update ${webhookEndpoints} set last_seen_at = ${sql.placeholder('now')}::timestamptz
  where id in (select id from ${webhookEndpoints} where id = any(${sql.placeholder('seen')}::uuid[])
    and id in (select live.id from live join given on given.endpoint_id = live.id and given.mark = live.mark)
    for no key update skip locked)
), written as (
insert into ${deliveries} as d (endpoint_id, connection_id, delivery_key, event, received_at, hints, body, repeats)
select given.endpoint_id, connection_id, delivery_key, event, received_at, hints, substring(${sql.placeholder('bodies')}::bytea from place for size), repeats
from given join live on live.id = given.endpoint_id and live.mark = given.mark
order by given.endpoint_id, delivery_key
on conflict (endpoint_id, delivery_key) do update set repeats = d.repeats + excluded.repeats + 1
returning endpoint_id, delivery_key, repeats
)
select endpoint_id, mark, delivery_key, repeats from written join live on live.id = endpoint_id`).sql;

/** Who has not answered by then is taken to be away; the driver then gives the connection up. */
const ANSWER_MS = 4_500;

interface Row {
  endpoint_id: string;
  mark: string;
  delivery_key: string;
  repeats: number;
}

/**
 * Stores each once under its key, in one commit, and resolves after it, with one answer for each that was given, in order. `seen` names
 * addresses whose time of the last webhook is to be brought up to `now`. Throws what the driver throws; then nothing was stored, or,
 * when the connection broke, it is unknown.
 */
export async function storeDeliveries(
  pool: Pool,
  given: readonly NewDelivery[],
  { seen, now }: { seen: readonly string[]; now: Date },
): Promise<Stored[]> {
  const groups = Map.groupBy(given, nameOf);
  const firsts = [...groups.values()].flatMap(([first, ...others]) => (first ? [{ first, repeats: others.length }] : []));
  let place = 1;
  const rows = firsts.map(({ first, repeats }) => {
    const { endpointId, connectionId, mark, key, event, receivedAt, hints, body } = first;
    const row = { endpoint_id: endpointId, connection_id: connectionId, mark, delivery_key: key, event, hints, repeats };
    const cut = { ...row, received_at: receivedAt, place, size: body.length };
    place += body.length;
    return cut;
  });
  const { rows: written } = await pool.query<Row>({
    // The driver takes it here, though its types do not know: https://node-postgres.com/apis/client
    ...{ query_timeout: ANSWER_MS },
    // Planned once per connection.
    name: 'store-deliveries',
    text: STATEMENT,
    values: [JSON.stringify(rows), now.toISOString(), seen, Buffer.concat(firsts.map(({ first }) => first.body))],
  });
  const repeatsOf = new Map(
    written.map(({ endpoint_id: endpointId, mark, delivery_key: key, repeats }) => [nameOf({ endpointId, mark, key }), repeats]),
  );
  return given.map((delivery) => {
    const name = nameOf(delivery);
    const repeats = repeatsOf.get(name);
    if (repeats === undefined) return 'changed';
    const group = groups.get(name) ?? [];
    // A row that was there before counts one more than came with this group.
    return delivery === group[0] && repeats === group.length - 1 ? 'stored' : 'duplicate';
  });
}

const nameOf = ({ endpointId, mark, key }: Pick<NewDelivery, 'endpointId' | 'mark' | 'key'>) => `${endpointId} ${mark} ${key}`;
