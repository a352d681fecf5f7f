import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { rotateKey } from '../../../server/storage/key-rotation.ts';
import { createSealer, markOf } from '../../../server/storage/seal.ts';
import { SEALED_FOR } from '../../../server/storage/seal-contexts.ts';
import { fillTables } from '../../support/fill-tables.ts';
import { SOON } from '../../support/soon.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const client = await database.pool.connect();
  await fillTables(client, 3);
  client.release();
});
afterAll(() => database.drop());

const [before, after] = [randomBytes(32), randomBytes(32)];
const old = createSealer(before);
const next = createSealer(after);
const keys = { from: createSealer(after, [before]), to: next, mark: markOf(after), before: [markOf(before)] };

interface Place {
  table: string;
  column: string;
  /** Of the row: a column and its value. */
  by: string;
  context(id: string): string;
  /** Around the sealed text. */
  wrap(sealed: string): string;
  path: string;
}
const PLACES: Place[] = [
  {
    table: 'connections',
    column: 'secrets',
    by: 'id',
    context: (id) => SEALED_FOR.connection(id, 'apiKey'),
    wrap: (sealed) => JSON.stringify({ apiKey: { sealed, lastFour: 'abcd' } }),
    path: `secrets->'apiKey'->>'sealed'`,
  },
  {
    table: 'webhook_endpoints',
    column: 'secrets',
    by: 'id',
    context: SEALED_FOR.webhook,
    wrap: (sealed) => JSON.stringify([{ id: '1', sealed, lastFour: '', addedAt: '' }]),
    path: `secrets->0->>'sealed'`,
  },
  { table: 'ats_tokens', column: 'sealed', by: 'connection_id', context: SEALED_FOR.atsToken, wrap: String, path: 'sealed' },
  {
    table: 'invitations',
    column: 'sealed_link',
    by: 'id',
    context: SEALED_FOR.invitationLink,
    wrap: String,
    path: 'sealed_link',
  },
  { table: 'pool_links', column: 'sealed', by: 'id', context: SEALED_FOR.poolLink, wrap: String, path: 'sealed' },
  { table: 'accommodations', column: 'sealed', by: 'person', context: SEALED_FOR.accommodation, wrap: String, path: 'sealed' },
  {
    table: 'outgoing_hooks',
    column: 'sealed_secret',
    by: 'id',
    context: SEALED_FOR.outgoingHook,
    wrap: String,
    path: 'sealed_secret',
  },
];

async function put(place: Place, sealer: typeof old): Promise<{ id: string; plain: string }[]> {
  const { rows } = await database.pool.query<{ id: string }>(
    `select ${place.by}::text as id from tagalong.${place.table} order by 1`,
  );
  const put = rows.map(({ id }) => ({ id, plain: `the secret of ${place.table} ${id}` }));
  for (const { id, plain } of put)
    await database.pool.query(`update tagalong.${place.table} set ${place.column} = $1 where ${place.by}::text = $2`, [
      place.wrap(sealer.seal(plain, place.context(id))),
      id,
    ]);
  return put;
}

async function readSealed(place: Place, id: string): Promise<string> {
  const { rows } = await database.pool.query<{ sealed: string }>(
    `select ${place.path} as sealed from tagalong.${place.table} where ${place.by}::text = $1`,
    [id],
  );
  return rows[0]?.sealed ?? '';
}

/** The filler's rows hold no sealed texts where there should be one. */
async function seedAll(sealer: typeof old): Promise<Map<Place, { id: string; plain: string }[]>> {
  await database.pool.query(`delete from tagalong.audit_head`);
  await database.pool.query(`delete from tagalong.settings`);
  await database.pool.query(
    `insert into tagalong.settings (key, value, updated_at) values ('mail', $1, now()), ('erasure-key', $2, now())`,
    [
      JSON.stringify({ from: 'a@b.example', host: 'h', smtpUrl: sealer.seal('smtp://u:p@h', SEALED_FOR.mailServer) }),
      JSON.stringify({ sealed: sealer.seal('key of the erased', SEALED_FOR.erasureKey) }),
    ],
  );
  await database.pool.query(`insert into tagalong.audit_head (seq, hash, code) values (7, 'abc', $1)`, [
    sealer.seal('7:abc', SEALED_FOR.auditHead),
  ]);
  const all = new Map<Place, { id: string; plain: string }[]>();
  for (const place of PLACES) all.set(place, await put(place, sealer));
  return all;
}

test('everything sealed opens under the new key alone, and nothing is left under the old one', async () => {
  const all = await seedAll(old);
  const rotation = await rotateKey(database.db, keys);
  expect(rotation).toEqual({ resealed: 2 + 3 * PLACES.length, unreadable: {}, left: [], lost: [] });
  for (const [place, rows] of all)
    for (const { id, plain } of rows) expect(next.open(await readSealed(place, id), place.context(id))).toBe(plain);
  const { rows } = await database.db.execute<{ code: string }>(sql`select code from tagalong.audit_head`);
  expect(next.open(rows[0]?.code ?? '', SEALED_FOR.auditHead)).toBe('7:abc');
  // Once more finds nothing to do.
  expect(await rotateKey(database.db, keys)).toEqual({ resealed: 0, unreadable: {}, left: [], lost: [] });
});

test('what no key here opens is counted, stays as it is, and is told apart: the key before would not open it either', async () => {
  const all = await seedAll(old);
  const [place] = PLACES;
  if (!place) throw new Error('no place');
  const lost = createSealer(randomBytes(32));
  const rows = await put(place, lost);
  expect(await rotateKey(database.db, keys)).toEqual({
    resealed: 2 + 3 * (all.size - 1),
    unreadable: { connections: 3 },
    left: [],
    lost: ['connections.secrets'],
  });
  for (const { id, plain } of rows) expect(lost.open(await readSealed(place, id), place.context(id))).toBe(plain);
});

test('what is under the key before and was altered, or stands elsewhere than it was sealed for, is told as left', async () => {
  await seedAll(next);
  const [place] = PLACES;
  const [row] = place ? await put(place, createSealer(randomBytes(32))) : [];
  if (!place || !row) throw new Error('no place');
  await database.pool.query(`update tagalong.connections set secrets = $1 where id = $2`, [
    place.wrap(old.seal('x', 'somewhere')),
    row.id,
  ]);
  expect(await rotateKey(database.db, keys)).toEqual({
    resealed: 0,
    unreadable: { connections: 3 },
    left: ['connections.secrets'],
    lost: ['connections.secrets'],
  });
});

test('a one-time link that was forgotten with an erasure is nothing that has to be entered again', async () => {
  await seedAll(next);
  await database.pool.query(`update tagalong.pool_links set sealed = ''`);
  expect(await rotateKey(database.db, keys)).toEqual({ resealed: 0, unreadable: {}, left: [], lost: [] });
});

test('the secret of a deleted webhook is forgotten, and nothing that has to be entered again', async () => {
  await seedAll(next);
  await database.pool.query(`update tagalong.outgoing_hooks set sealed_secret = '', deleted_at = now()`);
  expect(await rotateKey(database.db, keys)).toEqual({ resealed: 0, unreadable: {}, left: [], lost: [] });
});

test('a text that stands where nobody looks for one is told as left', async () => {
  await seedAll(next);
  await database.pool.query(`update tagalong.members set name = $1`, [old.seal('x', 'somewhere')]);
  expect((await rotateKey(database.db, keys)).left).toEqual(['members.name']);
  await database.pool.query(`update tagalong.members set name = 'Ada'`);
});

test('a secret that somebody replaces at the same moment stays the one that was put in', async () => {
  await seedAll(old);
  const [place] = PLACES;
  if (!place) throw new Error('no place');
  const { rows } = await database.pool.query<{ id: string }>('select id from tagalong.connections order by 1');
  const id = rows[0]?.id ?? '';
  const other = await database.pool.connect();
  await other.query('begin');
  await other.query(`update tagalong.connections set secrets = $1 where id = $2`, [
    place.wrap(next.seal('put in meanwhile', place.context(id))),
    id,
  ]);
  // It has read what stood there before, and waits now for the row.
  const rotating = rotateKey(database.db, keys);
  await vi.waitFor(async () => {
    const { rowCount } = await database.pool.query(
      `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    );
    expect(rowCount).toBe(1);
  }, SOON);
  await other.query('commit');
  other.release();
  expect((await rotating).left).toEqual([]);
  expect(next.open(await readSealed(place, id), place.context(id))).toBe('put in meanwhile');
});
