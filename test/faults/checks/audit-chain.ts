import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import pino from 'pino';
import { ERASED, GENESIS, type Head, linkAfter } from '../../../server/audit/chain.ts';
import { ENTRY_COLUMNS, type EntryRow } from '../../../server/audit/entry-columns.ts';
import { linkChain } from '../../../server/audit/link-chain.ts';
import { type Verified, verifyChain } from '../../../server/audit/verify-chain.ts';
import type { Database } from '../../../server/services.ts';
import { type AuditEntry, appendAuditAll } from '../../../server/storage/audit.repository.ts';
import { openDatabase } from '../../../server/storage/open-database.ts';
import { createSealer, type Sealer } from '../../../server/storage/seal.ts';
import type { Check, CheckRow, CheckRun } from '../../checks/check-report.ts';
import { createSeededRandom, type SeededRandom } from '../seeded-random.ts';
import { sharedPostgres } from '../tools/shared-postgres.ts';

const TRIES = { small: 100, full: 1500 };
const LENGTH = { small: 60, full: 150 };

/** S25: whoever owns the database but not the master key changes the audit in every way there is, and each time it shows. */
export const auditChain: Check = {
  id: 'S25',
  what: 'the audit chain under the owner of the database',
  budgetMs: { full: 30_000 },
  run: async (given) => [await tamper(given)],
};

interface Scene {
  db: Database;
  sealer: Sealer;
  random: SeededRandom;
  /** Of the last entry. */
  length: number;
  /** Sealed ends of the chain as it grew. */
  heads: (Head & { code: string })[];
}

async function tamper({ seed, size, say }: CheckRun): Promise<CheckRow> {
  const random = createSeededRandom(seed);
  const address = await (await sharedPostgres()).createDatabase();
  const { db, close } = await openDatabase({ address, log: pino({ level: 'silent' }) });
  try {
    const scene = await build({ db, sealer: createSealer(randomBytes(32)), random, length: LENGTH[size], heads: [] });
    const untouched = await verifyChain(scene);
    const noted = untouched.head;
    const kinds = Object.keys(TAMPERINGS);
    const missed = new Map<string, number>();
    let falseAlarms = untouched.fault === null && untouched.erased > 0 ? 0 : 1;
    for (let number = 0; number < TRIES[size]; number += 1) {
      const kind = kinds[number % kinds.length] ?? '';
      const { fault } = await tryOut(scene, { kind, noted });
      if (fault !== null) continue;
      missed.set(kind, (missed.get(kind) ?? 0) + 1);
      say(`not seen: ${kind}`);
    }
    if ((await verifyChain(scene, { noted })).fault !== null) falseAlarms += 1;
    const unseen = [...missed.values()].reduce((sum, count) => sum + count, 0);
    const found = TRIES[size] - unseen;
    return {
      id: 'S25',
      what: 'changed, taken out, moved, put in, cut short, written anew without the key',
      asked: '>= 1,000',
      reached: `${TRIES[size]} of ${kinds.length} kinds, in a chain of ${LENGTH[size]} with ${untouched.erased} details erased`,
      figure: `${found} of ${TRIES[size]} detected, false alarms ${falseAlarms}`,
      target: '100 %',
      met: unseen === 0 && falseAlarms === 0,
    };
  } finally {
    await close();
  }
}

/** What people, rules and webhooks would write, in uneven batches, with two of the people erased early: what is cut off later is not seen by their details. */
async function build(scene: Scene): Promise<Scene> {
  const { db, sealer, random } = scene;
  let id = 0;
  const uuid = () => `00000000-0000-4000-8000-${String(++id).padStart(12, '0')}`;
  let clockMs = Date.parse('2026-03-01T09:00:00Z');
  const now = () => {
    clockMs += random.int(1, 5000);
    return new Date(clockMs);
  };
  const means = { clock: { now }, random: { uuid, token: () => uuid() } };
  const people = Array.from({ length: 8 }, uuid);
  const [one = '', other = '', ...staying] = people;
  const entry = (number: number): AuditEntry => ({
    who: random.pick<AuditEntry['who']>([{ kind: 'member', id: uuid() }, { kind: 'rule' }, { kind: 'webhook', id: uuid() }]),
    action: random.pick(['invitation.requested', 'result.reported', 'connection.changed']),
    applicationKey: random.chance(0.7) ? random.pick(staying) : null,
    connectionId: random.chance(0.4) ? uuid() : null,
    ...(random.chance(0.8) && { detail: { why: `because of ${number}`, after: { number } } }),
  });
  const erased = [one, other];
  const words = erased.map((applicationKey): AuditEntry => ({ who: { kind: 'ats' }, action: ERASED, applicationKey }));
  const first = people.map((applicationKey, number): AuditEntry => ({ ...entry(number), applicationKey, detail: { why: 'x' } }));
  const middle = Array.from({ length: scene.length - first.length - words.length }, (_, number) => entry(number));
  for (let left = [...first, ...words, ...middle]; left.length > 0; ) {
    const batch = left.splice(0, random.int(1, 12));
    await db.transaction((tx) => appendAuditAll(tx, means, batch));
    await linkChain({ db, sealer });
    const { rows } = await db.execute<{ seq: string; hash: string; code: string }>(sql`select * from tagalong.audit_head`);
    scene.heads.push(...rows.map(({ seq, hash, code }) => ({ seq: Number(seq), hash, code })));
  }
  await db.execute(sql`delete from tagalong.audit_details d using tagalong.audit a
    where a.id = d.audit_id and a.application_key = any(${sql.param(erased)}::uuid[])`);
  return scene;
}

class Undo extends Error {}

/** Tampers in a transaction of its own, looks, and takes it back. */
async function tryOut(scene: Scene, { kind, noted }: { kind: string; noted: Head | null }): Promise<Verified> {
  let verified: Verified | undefined;
  try {
    await scene.db.transaction(async (tx) => {
      await tx.execute(sql`set local session_replication_role = replica`);
      await TAMPERINGS[kind]?.({ ...scene, db: tx });
      verified = await verifyChain({ db: tx, sealer: scene.sealer }, { noted: kind === CUT_WITH_HEAD ? noted : null });
      throw new Undo();
    });
  } catch (error) {
    if (!(error instanceof Undo)) throw error;
  }
  if (!verified) throw new Error(`${kind}: nothing was looked at`);
  return verified;
}

const CUT_WITH_HEAD = 'cut short together with its sealed end, by an end noted elsewhere';

type Tampering = (scene: Scene) => Promise<void>;
const run = async ({ db }: Pick<Scene, 'db'>, text: string) => {
  await db.execute(sql.raw(text));
};
const somewhere = ({ random, length }: Scene, from = 1, to = length) => random.int(from, to);
const shift = (scene: Scene, from: number, by: number) =>
  // Through the negative numbers, because the index on seq is looked at row by row.
  run(
    scene,
    `update tagalong.audit set seq = -seq where seq >= ${from}; update tagalong.audit set seq = -seq + ${by} where seq < 0`,
  );

const COLUMNS = {
  at: `at + interval '1 microsecond'`,
  who_kind: `who_kind || 'x'`,
  who_id: `coalesce(who_id, '') || 'x'`,
  action: `action || 'x'`,
  application_key: `case when application_key is null then gen_random_uuid() else null end`,
  connection_id: `case when connection_id is null then gen_random_uuid() else null end`,
  detail_hash: `coalesce(detail_hash, repeat('a', 63)) || 'x'`,
  hash: `reverse(hash) || 'x'`,
  prev_hash: `prev_hash || 'x'`,
};
const changeColumn = async (scene: Scene, seq: number) => {
  const [column, value] = scene.random.pick(Object.entries(COLUMNS).slice(0, 6));
  await run(scene, `update tagalong.audit set ${column} = ${value} where seq = ${seq}`);
};

/** Everything linked anew from `from` on, by somebody who knows how but has no key. */
async function relink({ db }: Pick<Scene, 'db'>, from: number): Promise<Head> {
  const { rows } = await db.execute<EntryRow>(
    sql`select ${ENTRY_COLUMNS} from tagalong.audit a where a.seq >= ${from} order by a.seq`,
  );
  const before = await db.execute<{ hash: string }>(sql`select hash from tagalong.audit where seq = ${from - 1}`);
  const links = linkAfter({ seq: from - 1, hash: before.rows[0]?.hash ?? GENESIS.hash }, rows);
  for (const { id, prevHash, hash } of links)
    await db.execute(sql`update tagalong.audit set prev_hash = ${prevHash}, hash = ${hash} where id = ${id}::bigint`);
  const last = links.at(-1);
  return last ? { seq: last.seq, hash: last.hash } : { seq: from - 1, hash: before.rows[0]?.hash ?? GENESIS.hash };
}

const pointHead = ({ db }: Pick<Scene, 'db'>, { seq, hash, code }: Head & { code?: string }) =>
  db.execute(sql`update tagalong.audit_head set seq = ${seq}, hash = ${hash}, code = coalesce(${code ?? null}, code)`);
const insertAt = ({ db }: Pick<Scene, 'db'>, seq: number) =>
  db.execute(sql`insert into tagalong.audit (at, who_kind, action, seq, prev_hash, hash)
    values (now(), 'system', 'rules.changed', ${seq}, repeat('a', 64), repeat('b', 64))`);
const remove = (scene: Scene, where: string) =>
  run(
    scene,
    `delete from tagalong.audit_details where audit_id in (select id from tagalong.audit where ${where}); delete from tagalong.audit where ${where}`,
  );
const someDetail = async (scene: Scene): Promise<string> => {
  const { rows } = await scene.db.execute<{ id: string }>(
    sql`select audit_id::text as id from tagalong.audit_details order by 1`,
  );
  return scene.random.pick(rows).id;
};

const TAMPERINGS: Readonly<Record<string, Tampering>> = {
  'a column changed': async (scene) => {
    const [column, value] = scene.random.pick(Object.entries(COLUMNS));
    await run(scene, `update tagalong.audit set ${column} = ${value} where seq = ${somewhere(scene)}`);
  },
  'an entry changed and hashed anew': async (scene) => {
    const seq = somewhere(scene, 1, scene.length - 1);
    await changeColumn(scene, seq);
    const next = await scene.db.execute<EntryRow>(sql`select ${ENTRY_COLUMNS} from tagalong.audit a where a.seq = ${seq}`);
    const before = await scene.db.execute<{ hash: string }>(sql`select hash from tagalong.audit where seq = ${seq - 1}`);
    const [link] = linkAfter({ seq: seq - 1, hash: before.rows[0]?.hash ?? GENESIS.hash }, next.rows);
    await scene.db.execute(sql`update tagalong.audit set hash = ${link?.hash ?? ''} where seq = ${seq}`);
  },
  'a detail changed': async (scene) =>
    run(
      scene,
      `update tagalong.audit_details set detail = replace(detail, 'e', 'a') || ' ' where audit_id = ${await someDetail(scene)}`,
    ),
  'a salt changed': async (scene) =>
    run(scene, `update tagalong.audit_details set salt = salt || '0' where audit_id = ${await someDetail(scene)}`),
  'a detail taken out, nobody erased': async (scene) =>
    run(scene, `delete from tagalong.audit_details where audit_id = ${await someDetail(scene)}`),
  'a detail put under an entry without one': async (scene) =>
    run(
      scene,
      `insert into tagalong.audit_details select id, 's', '{}' from tagalong.audit where detail_hash is null order by id limit 1`,
    ),
  'an entry taken out': async (scene) => remove(scene, `seq = ${somewhere(scene)}`),
  'an entry taken out and the gap closed': async (scene) => {
    const seq = somewhere(scene, 1, scene.length - 1);
    await remove(scene, `seq = ${seq}`);
    await shift(scene, seq + 1, -1);
  },
  'two entries exchanged': async (scene) => {
    const [one = 1, other = 2] = scene.random.some(
      Array.from({ length: scene.length }, (_, index) => index + 1),
      2,
    );
    await run(
      scene,
      `update tagalong.audit set seq = -seq where seq in (${one}, ${other});
       update tagalong.audit set seq = case seq when -${one} then ${other} else ${one} end where seq in (-${one}, -${other})`,
    );
  },
  'two entries exchanged with their hashes left in place': async (scene) => {
    const seq = somewhere(scene, 1, scene.length - 1);
    await run(
      scene,
      `create temp table kept on commit drop as select seq, prev_hash, hash from tagalong.audit where seq in (${seq}, ${seq + 1});
       update tagalong.audit set seq = -seq where seq in (${seq}, ${seq + 1});
       update tagalong.audit a set seq = k.seq, prev_hash = k.prev_hash, hash = k.hash from kept k
         where a.seq = -(${2 * seq + 1} - k.seq)`,
    );
  },
  'an entry put in': async (scene) => {
    const seq = somewhere(scene);
    await shift(scene, seq, 1);
    await insertAt(scene, seq);
  },
  'an entry put in at the end, well linked': async (scene) => {
    await insertAt(scene, scene.length + 1);
    await relink(scene, scene.length + 1);
  },
  'cut short': async (scene) => remove(scene, `seq >= ${somewhere(scene, 2)}`),
  'cut short, and the end named anew without the key': async (scene) => {
    const seq = somewhere(scene, 2);
    await remove(scene, `seq >= ${seq}`);
    await pointHead(scene, await relink(scene, Math.max(1, seq - 1)));
  },
  [CUT_WITH_HEAD]: async (scene) => {
    const head = scene.random.pick(scene.heads.slice(0, -1));
    await remove(scene, `seq > ${head.seq}`);
    await pointHead(scene, head);
  },
  'an entry changed and all written anew, the sealed end left': async (scene) => {
    const seq = somewhere(scene);
    await changeColumn(scene, seq);
    await relink(scene, seq);
  },
  'an entry changed, all written anew, and the end named without the key': async (scene) => {
    const seq = somewhere(scene);
    await changeColumn(scene, seq);
    await pointHead(scene, await relink(scene, seq));
  },
  'an entry taken out, all written anew, and the end sealed with another key': async (scene) => {
    const seq = somewhere(scene, 1, scene.length - 1);
    await remove(scene, `seq = ${seq}`);
    await shift(scene, seq + 1, -1);
    const head = await relink(scene, seq);
    const code = createSealer(randomBytes(32)).seal(`${head.seq}:${head.hash}`, 'audit:head');
    await pointHead(scene, { ...head, code });
  },
  'the sealed end taken out': async (scene) => run(scene, 'delete from tagalong.audit_head'),
};
