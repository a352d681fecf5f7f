import { mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Client } from 'pg';
import { PgBoss } from 'pg-boss';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createQueue } from '../../../../server/jobs/queue.ts';
import { QUEUE_SETTINGS } from '../../../../server/jobs/queue-settings.ts';
import { createPool } from '../../../../server/storage/create-pool.ts';
import { holdMigrations, migrate, migrateHolding } from '../../../../server/storage/migrate.ts';
import { ImportRefused, importExport, OUR_QUEUES } from '../../../../server/storage/transfer/import-export.ts';
import { isMove, lookAhead } from '../../../../server/storage/transfer/look-ahead.ts';
import { listMigrations } from '../../../../server/storage/transfer/migrations.ts';
import { openClient } from '../../../../server/storage/transfer/open-client.ts';
import { NotAnExport, readHeader } from '../../../../server/storage/transfer/read-export.ts';
import { inOrder } from '../../../../server/storage/transfer/tables.ts';
import { writeExport } from '../../../../server/storage/transfer/write-export.ts';
import { fillTables } from '../../../support/fill-tables.ts';
import { SOON } from '../../../support/soon.ts';
import { tableChecksums } from '../../../support/table-checksums.ts';
import { createTestDatabase, type TestDatabase } from '../../../support/test-database.ts';

const NOW = new Date('2026-11-22T03:00:00.000Z');
const KEY = { keyMark: 'ours-key' };

let folder: string;
let full: TestDatabase;
let source: Client;
let whole: string;

let empty: TestDatabase;
let target: Client;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagalong-transfer-'));
  full = await createTestDatabase();
  source = await openClient(full.address);
  await fillTables(source, 40);
  whole = join(folder, 'whole.export');
  await writeExport({ client: source, file: whole, now: NOW, ...KEY });
});
afterAll(async () => {
  await source.end();
  await full.drop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  empty = await createTestDatabase();
  target = await openClient(empty.address);
});
afterEach(async () => {
  await target.end();
  await empty.drop();
});

const take = (file: string, more = {}) => importExport({ client: target, file, ...KEY, anyKey: false, ...more });
const refusal = (file: string, more = {}) =>
  take(file, more).then(
    () => 'taken',
    (error: unknown) => (error instanceof ImportRefused ? error.because : error),
  );
/** The export with something done to its text. */
async function altered(change: (text: string) => string): Promise<string> {
  const file = join(folder, 'altered.export');
  await writeFile(file, gzipSync(change(gunzipSync(await readFile(whole)).toString())));
  return file;
}

describe('export and import', () => {
  test('every table is there again, to the last microsecond and the last digit', async () => {
    const rows = await take(whole);
    const before = await tableChecksums(source);
    expect(await tableChecksums(target)).toEqual(before);
    expect([...before.values()].every(({ rows: count }) => count > 0)).toBe(true);
    expect(Object.keys(rows).toSorted()).toEqual([...before.keys()].toSorted());
  });

  test('texts are there again letter for letter, also with what other readers take for the end of a line', async () => {
    const ends = '\u2028|\u2029|\u0085|\v|\f|\r|\n|\r\n|\ufeff';
    // Longer than what is unpacked at once, with letters of several bytes at every seam.
    const long = 'é\u2028'.repeat(40_000);
    await source.query(
      `insert into tagalong.members (id, name, role, created_at) values (gen_random_uuid(), $1, 'admin', now())`,
      [`\u2028Ada${ends}Lovelace\u2029`],
    );
    await source.query(
      `insert into tagalong.failures (id, key, kind, state, reason, first_at, last_at, comment)
        values (gen_random_uuid(), 'gap:letters', 'gap', 'discarded', $1, now(), now(), $2)`,
      [{ code: 'gap', values: { [ends]: ends } }, `${ends}${long}`],
    );
    const file = join(folder, 'letters.export');
    await writeExport({ client: source, file, now: NOW, ...KEY });
    const before = await tableChecksums(source);
    await source.query(`delete from tagalong.members where name like '%Lovelace%'`);
    await source.query(`delete from tagalong.failures where key = 'gap:letters'`);
    await take(file);
    expect(await tableChecksums(target)).toEqual(before);
    const { rows } = await target.query(`select comment from tagalong.failures where key = 'gap:letters'`);
    expect(rows).toEqual([{ comment: `${ends}${long}` }]);
  });

  test('numbers go on behind the last one that was given, also when its row is gone', async () => {
    await source.query(`select setval('tagalong.deliveries_id_seq', 900)`);
    const file = join(folder, 'numbers.export');
    await writeExport({ client: source, file, now: NOW, ...KEY });
    await take(file);
    const { rows } = await target.query(`select nextval('tagalong.deliveries_id_seq')::int as next`);
    expect(rows).toEqual([{ next: 901 }]);
  });

  test('what is imported can be brought up to date', async () => {
    await take(whole);
    await migrateHolding(target);
    expect((await tableChecksums(target)).size).toBe((await tableChecksums(source)).size);
  });

  test('an export is readable by its owner alone, and there is nothing half-written beside it', async () => {
    expect((await stat(whole)).mode & 0o077).toBe(0);
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('two exports to one file at once: what is there afterwards is whole', async () => {
    const file = join(folder, 'twice.export');
    const other = await openClient(full.address);
    await Promise.all([source, other].map((client) => writeExport({ client, file, now: NOW, ...KEY })));
    await other.end();
    await take(file);
    expect(await tableChecksums(target)).toEqual(await tableChecksums(source));
  });

  test('a device or a link is not replaced by an export', async () => {
    const file = join(folder, 'link.export');
    await symlink('/dev/null', file);
    await expect(writeExport({ client: source, file, now: NOW, ...KEY })).rejects.toThrow('is not a file');
    expect(await readlink(file)).toBe('/dev/null');
  });

  test('it is one moment, although others go on writing', async () => {
    const file = join(folder, 'moment.export');
    const other = await openClient(full.address);
    const before = await tableChecksums(source);
    const writing = writeExport({ client: source, file, now: NOW, ...KEY });
    // The first query of the export fixes the moment; from then on nothing that others write is in it.
    await until(
      async () =>
        (
          await other.query(
            `select 1 from pg_stat_activity where state like '%transaction%' and pid <> pg_backend_pid() and datname = current_database() and query like '%rows%'`,
          )
        ).rowCount,
    );
    await other.query(`insert into tagalong.settings (key, value, updated_at) values ('late', '{}', now())`);
    await writing;
    await other.query(`delete from tagalong.settings where key = 'late'`);
    await other.end();
    await take(file);
    expect(await tableChecksums(target)).toEqual(before);
  });
});

describe('what is not taken', () => {
  test.each([
    ['cut short', (text: string) => text.slice(0, text.length / 2)],
    ['without its end', (text: string) => text.replace(/^E .*\n/m, '')],
    ['with one letter changed', (text: string) => text.replace('"attempt":7', '"attempt":8')],
    ['with a row less', (text: string) => text.replace(/^R .*\n/m, '')],
    ['with a row that is none', (text: string) => text.replace(/^R \{/m, 'R {{')],
    ['without a row that others need', (text: string) => text.replace(/^(T connections\n)R .*\n/m, '$1')],
    ['with a line of another kind', (text: string) => text.replace(/^T members$/m, 'X members')],
    ['with something behind its end', (text: string) => `${text}R {}\n`],
    ['of nothing', () => ''],
  ])('an export %s leaves the database empty', async (_, change) => {
    await expect(take(await altered(change))).rejects.toBeInstanceOf(NotAnExport);
    expect([...(await tableChecksums(target)).values()].every(({ rows }) => rows === 0)).toBe(true);
  });

  test('a file that is something else', async () => {
    const file = join(folder, 'else');
    await writeFile(file, 'not gzip at all');
    await expect(take(file)).rejects.toBeInstanceOf(NotAnExport);
  });

  test('a file that is not there is told as that', async () => {
    await expect(take(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('an export of a newer version', async () => {
    const newest = (await listMigrations()).at(-1)?.tag ?? '';
    expect(await refusal(await altered((text) => text.replace(newest, '9999_later')))).toBe('newer-version');
  });

  test('credentials under another master key, unless told so', async () => {
    expect(await refusal(whole, { keyMark: 'another' })).toBe('other-key');
    expect(await refusal(whole, { keyMark: 'another', anyKey: true })).toBe('taken');
  });

  test('an export of a half-changed master key without both keys, in whichever order the server has them', async () => {
    const file = join(folder, 'two-keys.export');
    await writeExport({ client: source, file, now: NOW, keyMark: 'new-key-', otherKeyMarks: ['old-key-'] });
    expect(await refusal(file, { keyMark: 'new-key-' })).toBe('two-keys');
    expect(await refusal(file, { keyMark: 'old-key-' })).toBe('two-keys');
    expect(await refusal(file, { keyMark: 'new-key-', otherKeyMarks: ['old-key-'] })).toBe('taken');
  });

  test('a database in which another program keeps its jobs, and those stay', async () => {
    const other = new PgBoss({ ...empty.address, schema: 'pgboss' });
    await other.start();
    await other.createQueue('invoices');
    await other.send('invoices', { of: 'somebody else' });
    await other.stop({ graceful: false });
    expect(await refusal(whole)).toBe('other-jobs');
    expect((await target.query(`select 1 from pgboss.job where name = 'invoices'`)).rowCount).toBe(1);
    await target.query('drop schema pgboss cascade; create schema pgboss; create table pgboss.older_layout (id int)');
    expect(await refusal(whole)).toBe('other-jobs');
  });

  test('the jobs of a server of ours are made anew', async () => {
    const queue = createQueue({ address: empty.address, log: pino({ level: 'silent' }) });
    await queue.start();
    await queue.stop({ timeoutMs: 1000 });
    expect((await target.query(`select name from pgboss.queue`)).rowCount).toBeGreaterThan(3);
    expect(await refusal(whole)).toBe('taken');
    expect(OUR_QUEUES).toEqual(Object.keys(QUEUE_SETTINGS));
  });

  test('a database in which somebody works already', async () => {
    await target.query(
      `insert into tagalong.members (id, name, role, created_at) values (gen_random_uuid(), 'Ada', 'admin', now())`,
    );
    expect(await refusal(whole)).toBe('not-empty');
  });

  test('a database that a running server holds', async () => {
    const server = new Client({ ...empty.address, application_name: 'tagalong 1' });
    await server.connect();
    expect(await refusal(whole)).toBe('in-use');
    await server.end();
    expect(await refusal(whole)).toBe('taken');
  });

  test('a server in another container holds it too, where it has the same number as this process', async () => {
    const server = new Client({ ...empty.address, application_name: `tagalong ${process.pid}-0123456789ab` });
    await server.connect();
    expect(await refusal(whole)).toBe('in-use');
    await server.end();
  });

  test('while somebody changes the tables it waits, and tells so and who that is', async () => {
    const said: string[] = [];
    const telling = pino({ level: 'warn' }, { write: (line: string) => void said.push(JSON.parse(line).msg) });
    const pool = createPool({ address: empty.address, log: telling, max: 1 });
    const frozen = new Client({ ...empty.address, application_name: 'frozen' });
    await frozen.connect();
    await holdMigrations(frozen);
    const taking = refusal(whole, { waiting: { pool, log: telling, tellEveryMs: 20 } });
    try {
      await vi.waitFor(() => expect(said).toContainEqual(expect.stringMatching(/migration lock .* held by "frozen"/)), SOON);
    } finally {
      await frozen.end();
      await taking;
      await pool.end();
    }
    expect(await taking).toBe('taken');
  });

  test('a server that starts meanwhile waits until all is in and up to date', async () => {
    const log = pino({ level: 'silent' });
    const pool = createPool({ address: empty.address, log, max: 1 });
    let isUp = false;
    let starting: Promise<void> | undefined;
    await take(whole, {
      onFilled: async () => {
        starting = migrate(pool, { log }).then(() => {
          isUp = true;
        });
        const waits = `select 1 from pg_locks l join pg_database d on d.oid = l.database
          where d.datname = current_database() and l.locktype = 'advisory' and not l.granted`;
        await until(async () => (await empty.pool.query(waits)).rowCount || isUp);
        expect(isUp).toBe(false);
      },
    });
    await migrateHolding(target);
    expect(isUp).toBe(false);
    await target.end();
    await starting;
    await pool.end();
  });
});

test('parents come before their children, and a circle is told', () => {
  expect(inOrder(['a', 'b', 'c'], [{ child: 'a', parent: 'c' }])).toEqual(['b', 'c', 'a']);
  expect(() =>
    inOrder(
      ['a', 'b'],
      [
        { child: 'a', parent: 'b' },
        { child: 'b', parent: 'a' },
      ],
    ),
  ).toThrow('circle');
});

async function until(condition: () => Promise<unknown>): Promise<void> {
  while (!(await condition())) await new Promise(setImmediate);
}

describe('a backup after which others may have worked', () => {
  test('is told by its export: servers were at work beside it, or it is no longer of just now', async () => {
    const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000);
    const takenAt = NOW.toISOString();
    expect(isMove({ takenAt, atWork: false }, { now: at(59) })).toBe(true);
    expect(isMove({ takenAt, atWork: false }, { now: at(61) })).toBe(false);
    // By a clock that is far behind, nothing is certain.
    expect(isMove({ takenAt, atWork: false }, { now: at(-61) })).toBe(false);
    expect(isMove({ takenAt, atWork: true }, { now: at(1) })).toBe(false);
    // Of a version that did not say.
    expect(isMove({ takenAt }, { now: at(1) })).toBe(false);
    // Whoever imports knows better: the new version worked for a quarter of an hour; the copy took a night.
    expect(isMove({ takenAt, atWork: false }, { now: at(15), said: 'restored' })).toBe(false);
    expect(isMove({ takenAt, atWork: false }, { now: at(600), said: 'move' })).toBe(true);
  });

  test('an export says whether servers of ours were at its database', async () => {
    expect((await readHeader(whole)).atWork).toBe(false);
    const server = new Client({ ...full.address, application_name: 'tagalong 1-abcdef ours-key' });
    await server.connect();
    try {
      const file = join(folder, 'beside.export');
      await writeExport({ client: source, file, now: NOW, ...KEY });
      expect((await readHeader(file)).atWork).toBe(true);
    } finally {
      await server.end();
    }
  });

  test('what waited counts as cut off, what was held or waited for its tag is uncertain, and all else is as it was', async () => {
    const now = new Date('2026-11-23T12:00:00.000Z');
    await source.query(`begin`);
    await source.query(
      `update tagalong.effects set state = 'queued', run_after = '2026-12-01' where id = (select min(id::text)::uuid from tagalong.effects)`,
    );
    await source.query(
      `update tagalong.effects set state = 'done' where id = (select max(id::text)::uuid from tagalong.effects)`,
    );
    await source.query(`update tagalong.invitations set state = 'sent', due_at = null, trouble = null`);
    const { rows } = await source.query<{ id: string }>('select id from tagalong.invitations order by id limit 3');
    const [held, tagged, asked] = rows.map(({ id }) => id);
    await source.query(`update tagalong.invitations set state = 'held', due_at = '2026-12-01' where id = $1`, [held]);
    await source.query(`update tagalong.invitations set state = 'sending' where id = any($1)`, [[tagged, asked]]);
    await source.query(
      `update tagalong.effects set kind = 'send-invitation', invitation_id = $1 where id = (select max(id::text)::uuid from tagalong.effects)`,
      [asked],
    );
    await source.query('commit');
    const file = join(folder, 'waiting.export');
    await writeExport({ client: source, file, now: NOW, ...KEY });
    await take(file, { onFilled: (tx: Parameters<typeof lookAhead>[0]) => lookAhead(tx, { now, detail: 'a backup.' }) });
    const ask = async (sql: string) => (await target.query<Record<string, unknown>>(sql)).rows;
    expect(await ask(`select count(*)::int as n from tagalong.effects where state = 'queued'`)).toEqual([{ n: 0 }]);
    expect(
      await ask(
        `select state, run_after is not null as later, created_at = '${now.toISOString()}' as anew from tagalong.effects where id = (select min(id::text)::uuid from tagalong.effects)`,
      ),
    ).toEqual([{ state: 'calling', later: true, anew: true }]);
    expect(await ask(`select state from tagalong.effects where id = (select max(id::text)::uuid from tagalong.effects)`)).toEqual(
      [{ state: 'done' }],
    );
    const trouble = { code: 'invitation-unconfirmed', values: { detail: 'a backup.' } };
    const uncertain = { state: 'unconfirmed', trouble, due_at: null, poll_due_at: now };
    expect(
      await ask(`select id, state, trouble, due_at, poll_due_at from tagalong.invitations where state <> 'sent' order by id`),
    ).toEqual([
      { id: held, ...uncertain },
      { id: tagged, ...uncertain },
      expect.objectContaining({ id: asked, state: 'sending', trouble: null }),
    ]);
    expect(await ask(`select value from tagalong.settings where key = 'restored'`)).toEqual([
      { value: { at: now.toISOString() } },
    ]);
  });
});
