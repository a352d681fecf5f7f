import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ERASED } from '../../../server/audit/chain.ts';
import { recodeAuditHead } from '../../../server/audit/head.ts';
import { createLinkChore, linkChain } from '../../../server/audit/link-chain.ts';
import { verifyChain } from '../../../server/audit/verify-chain.ts';
import { systemRandom } from '../../../server/random.ts';
import { type AuditEntry, appendAudit, appendAuditAll } from '../../../server/storage/audit.repository.ts';
import { createSealer } from '../../../server/storage/seal.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

const APPLICATION = '6f0d9a3e-40a0-4f7e-9a6c-6a7c9f3f0001';
const sealer = createSealer(randomBytes(32));
const means = { clock: { now: () => new Date('2026-03-01T09:00:00.123Z') }, random: systemRandom };
let database: TestDatabase;
const services = () => ({ db: database.db, sealer });

beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.drop());

const entry = (number: number, more: Partial<AuditEntry> = {}): AuditEntry => ({
  who: { kind: 'system' },
  action: 'rules.changed',
  detail: { why: `reason ${number}`, after: { number } },
  ...more,
});
const write = (...entries: AuditEntry[]) => database.db.transaction((tx) => appendAuditAll(tx, means, entries));
const linked = async (count: number, more?: Partial<AuditEntry>) => {
  await write(...Array.from({ length: count }, (_, number) => entry(number, more)));
  await linkChain(services());
};
/** As somebody does who owns the database: the trigger does not hold them. */
const asOwner = (statement: string) =>
  database.db.transaction(async (tx) => {
    await tx.execute(sql`set local session_replication_role = replica`);
    await tx.execute(sql.raw(statement));
  });
const faultOf = async (noted?: { seq: number; hash: string }) => (await verifyChain(services(), { noted: noted ?? null })).fault;

describe('the chain of the audit', () => {
  test('entries are linked in the order in which they were written, and the chain verifies', async () => {
    await write(entry(1), entry(2, { who: { kind: 'member', id: 'x' } }));
    await write({ who: { kind: 'ats' }, action: 'stage.entered', applicationKey: APPLICATION });
    expect(await verifyChain(services())).toMatchObject({ entries: 0, waiting: 3, head: null, fault: null });
    expect(await linkChain(services())).toEqual({ kind: 'linked', entries: 3 });
    await write(entry(4));
    expect(await linkChain(services())).toEqual({ kind: 'linked', entries: 1 });
    expect(await linkChain(services())).toEqual({ kind: 'linked', entries: 0 });
    const verified = await verifyChain(services());
    expect(verified).toMatchObject({ entries: 4, waiting: 0, erased: 0, fault: null, head: { seq: 4 } });
    const { rows } = await database.db.execute<{ id: string; seq: string }>(sql`select id, seq from tagalong.audit order by id`);
    expect(rows.map(({ seq }) => Number(seq))).toEqual([1, 2, 3, 4]);
  });

  test('an entry stands only with what it tells of', async () => {
    await expect(
      database.db.transaction(async (tx) => {
        await appendAudit(tx, means, entry(1));
        throw new Error('it was not done after all');
      }),
    ).rejects.toThrow('not done');
    expect(await linkChain(services())).toEqual({ kind: 'linked', entries: 0 });
  });

  test('the database itself lets nobody change, take out or empty entries', async () => {
    await linked(2);
    const refused = { cause: expect.objectContaining({ message: 'the audit only grows' }) };
    await expect(database.db.execute(sql`update tagalong.audit set action = 'x'`)).rejects.toMatchObject(refused);
    await expect(database.db.execute(sql`delete from tagalong.audit`)).rejects.toMatchObject(refused);
    await expect(database.db.execute(sql`truncate tagalong.audit cascade`)).rejects.toMatchObject(refused);
  });

  test.each([
    ['a changed column', `update tagalong.audit set action = 'rules.kept' where seq = 3`, 'changed', 3],
    ['a microsecond', `update tagalong.audit set at = at + interval '1 microsecond' where seq = 3`, 'changed', 3],
    ['another place', `update tagalong.audit set seq = 9 where seq = 2`, 'gap', 2],
    [
      'two exchanged',
      `update tagalong.audit set seq = case seq when 2 then -3 else -2 end where seq in (2, 3); update tagalong.audit set seq = -seq where seq < 0`,
      'not-linked',
      2,
    ],
    ['a detail changed', `update tagalong.audit_details set detail = '{}' where audit_id = 4`, 'detail-changed', 4],
    ['a salt changed', `update tagalong.audit_details set salt = 'x' where audit_id = 4`, 'detail-changed', 4],
    ['a detail gone', `delete from tagalong.audit_details where audit_id = 2`, 'detail-gone', 2],
    [
      'an end cut off',
      `delete from tagalong.audit_details where audit_id = 5; delete from tagalong.audit where seq = 5`,
      'cut-short',
      5,
    ],
    ['another end', `update tagalong.audit_head set hash = repeat('a', 64)`, 'head-forged', 5],
    ['no end', 'delete from tagalong.audit_head', 'head-gone', 5],
  ])('%s shows', async (_, statement, kind, seq) => {
    await linked(5);
    await asOwner(statement);
    expect(await faultOf()).toEqual({ kind, seq });
  });

  test('a chain cut short together with its sealed end shows by an end that was noted elsewhere', async () => {
    await linked(2);
    const { rows } = await database.db.execute<{ seq: string; hash: string; code: string }>(
      sql`select * from tagalong.audit_head`,
    );
    await linked(2);
    const noted = (await verifyChain(services())).head ?? undefined;
    expect(await faultOf(noted)).toBeNull();
    await asOwner(`delete from tagalong.audit_details where audit_id > 2; delete from tagalong.audit where seq > 2;
      update tagalong.audit_head set seq = 2, hash = '${rows[0]?.hash}', code = '${rows[0]?.code}'`);
    expect(await faultOf()).toBeNull();
    expect(await faultOf(noted)).toEqual({ kind: 'cut-short', seq: 3 });
    expect(await faultOf({ seq: 1, hash: 'f'.repeat(64) })).toEqual({ kind: 'not-as-noted', seq: 1 });
  });

  test('a detail may be missing only before the word that the person was erased', async () => {
    await linked(2, { applicationKey: APPLICATION });
    const erase = (id: number) => asOwner(`delete from tagalong.audit_details where audit_id = ${id}`);
    await erase(1);
    expect(await faultOf()).toEqual({ kind: 'detail-gone', seq: 1 });
    await write({ who: { kind: 'ats' }, action: ERASED, applicationKey: APPLICATION });
    expect(await faultOf()).toBeNull();
    await linkChain(services());
    await linked(1, { applicationKey: APPLICATION });
    expect(await verifyChain(services())).toMatchObject({ entries: 4, erased: 1, fault: null });
    await erase(4);
    expect(await faultOf()).toEqual({ kind: 'detail-gone', seq: 4 });
  });

  test('nothing is linked to a chain that is broken, and the log says so once in a while', async () => {
    const lines: string[] = [];
    const log = pino({}, { write: (line: string) => void lines.push(line) });
    const chore = createLinkChore({ ...services(), log, clock: means.clock });
    await write(entry(1));
    expect(await chore()).toBe(1);
    await asOwner(`update tagalong.audit_head set hash = repeat('a', 64)`);
    await write(entry(2));
    expect([await chore(), await chore()]).toEqual([0, 0]);
    expect(lines).toHaveLength(1);
    expect(await verifyChain(services())).toMatchObject({ waiting: 1, fault: { kind: 'head-forged' } });
  });

  test('two processes at once link each entry once', async () => {
    await write(...Array.from({ length: 2500 }, (_, number) => entry(number)));
    const each = async () => {
      for (let entries = -1; entries !== 0; ) {
        const step = await linkChain(services());
        expect(step.kind).not.toBe('broken');
        entries = step.kind === 'linked' ? step.entries : -1;
      }
    };
    await Promise.all([each(), each(), each()]);
    expect(await verifyChain(services())).toMatchObject({ entries: 2500, waiting: 0, fault: null });
  });

  test('the end is coded anew for another master key, unless it was forged', async () => {
    await linked(3);
    const next = createSealer(randomBytes(32));
    await database.db.transaction((tx) => recodeAuditHead(tx, { from: sealer, to: next }));
    expect((await verifyChain({ db: database.db, sealer: next })).fault).toBeNull();
    expect(await faultOf()).toEqual({ kind: 'head-forged', seq: 3 });
    await expect(database.db.transaction((tx) => recodeAuditHead(tx, { from: sealer, to: next }))).rejects.toThrow(
      'old master key',
    );
  });
});
