import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, type ClientConfig } from 'pg';
import { z } from 'zod';
import { readPostmasterFile } from '../../server/storage/embedded/postmaster-file.ts';

/** What the server under test has on its disk, read past the server. */
export interface Store {
  /** Bodies of the deliveries with what became of them. */
  deliveries: { body: string; outcome: string | null }[];
  stageEntries: { applicationId: string; stageId: string; enteredAtMs: number }[];
  /** For each application, how many stage entries were decided, and how many there are. */
  decided: { applicationId: string; decisions: number; entries: number }[];
  invitations: { id: string; applicationId: string; person: string; assessment: string; state: string }[];
  /** Codes of all reasons ever given, by application. */
  reasons: { applicationId: string; code: string; invitationId: string | null }[];
}

/** Work that is not done yet; nothing of it may be left in the end. */
export const pendingSchema = z.object({
  deliveries: z.number(),
  lanes: z.number(),
  inputs: z.number(),
  effects: z.number(),
  looks: z.number(),
});
export type Pending = z.infer<typeof pendingSchema>;

export interface StoreReader {
  pending(): Promise<Pending>;
  read(): Promise<Store>;
}

/** Reads the embedded database of `dataDir`; one short connection each time, so that the server can be stopped at any time. */
export function createStoreReader(dataDir: string): StoreReader {
  return createReader(() => addressOf(dataDir));
}

/** Reads a database whose place is known. */
export function createReader(address: () => Promise<ClientConfig> | ClientConfig): StoreReader {
  return {
    pending: () => withClient(address, async (ask) => (await ask(PENDING, pendingSchema))[0] ?? noAnswer()),
    read: () =>
      withClient(address, async (ask) => ({
        deliveries: await ask(DELIVERIES, z.object({ body: z.string(), outcome: z.string().nullable() })),
        stageEntries: await ask(ENTRIES, z.object({ applicationId: z.string(), stageId: z.string(), enteredAtMs: z.number() })),
        decided: await ask(DECIDED, z.object({ applicationId: z.string(), decisions: z.number(), entries: z.number() })),
        invitations: await ask(INVITATIONS, invitationSchema),
        reasons: await ask(
          REASONS,
          z.object({ applicationId: z.string(), code: z.string(), invitationId: z.string().nullable() }),
        ),
      })),
  };
}

const invitationSchema = z.object({
  id: z.string(),
  applicationId: z.string(),
  person: z.string(),
  assessment: z.string(),
  state: z.string(),
});

const PENDING = `select
  (select count(*)::int from tagalong.deliveries where relayed_at is null) as deliveries,
  (select count(*)::int from tagalong.applications where hinted > handled) as lanes,
  (select count(*)::int from tagalong.inputs where handled_at is null) as inputs,
  (select count(*)::int from tagalong.effects where state in ('queued', 'calling')) as effects,
  (select count(*)::int from tagalong.applications where state ->> 'tagRecheck' is not null) as looks`;
const DELIVERIES = `select convert_from(body, 'UTF8') as body, outcome from tagalong.deliveries`;
const ENTRIES = `select a.application_id as "applicationId", e.stage_id as "stageId",
  (extract(epoch from e.entered_at) * 1000)::float8 as "enteredAtMs"
  from tagalong.stage_entries e join tagalong.applications a on a.key = e.application_key`;
const DECIDED = `select a.application_id as "applicationId",
  (select count(*)::int from tagalong.decisions d where d.application_key = a.key and d.event = 'stage.entered') as decisions,
  (select count(*)::int from tagalong.stage_entries e where e.application_key = a.key) as entries
  from tagalong.applications a`;
const INVITATIONS = `select i.id, a.application_id as "applicationId", i.person, i.assessment_name as assessment, i.state
  from tagalong.invitations i join tagalong.applications a on a.key = i.application_key order by i.created_at`;
const REASONS = `select a.application_id as "applicationId", r ->> 'code' as code, d.invitation_id as "invitationId"
  from tagalong.decisions d join tagalong.applications a on a.key = d.application_key, jsonb_array_elements(d.reasons) r`;

type Ask = <T>(sql: string, row: z.ZodType<T>) => Promise<T[]>;

async function addressOf(dataDir: string): Promise<ClientConfig> {
  const running = await readPostmasterFile(join(await realpath(dataDir), 'postgres', 'data'));
  if (!running) throw new Error('the database of the server under test does not run');
  return { host: running.socketDir, port: running.port, user: 'tagalong', database: 'tagalong' };
}

async function withClient<T>(address: () => Promise<ClientConfig> | ClientConfig, read: (ask: Ask) => Promise<T>): Promise<T> {
  const client = new Client(await address());
  await client.connect();
  try {
    return await read(async (sql, row) => z.array(row).parse((await client.query(sql)).rows));
  } finally {
    await client.end();
  }
}

function noAnswer(): never {
  throw new Error('the database gave no answer');
}
