import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Database, Transaction } from '../services.ts';
import { settings } from './schema.ts';
import type { Sealer } from './seal.ts';

const KEY = 'mail';
const CONTEXT = 'settings:mail:smtpUrl';

const storedSchema = z.object({ from: z.string(), host: z.string().nullable(), smtpUrl: z.string().nullable() });

export interface MailSettings {
  from: string;
  /** Name and port of the mail server; null while none is set. */
  host: string | null;
}

const NONE = { from: '', host: null, smtpUrl: null };

/** Without the credentials; for screens. */
export async function readMailSettings(db: Database | Transaction): Promise<MailSettings> {
  const { from, host } = await read(db);
  return { from, host };
}

/** All that the mailer needs, with the credentials; null while mail is not set up. */
export async function openMailSettings(
  db: Database | Transaction,
  sealer: Sealer,
): Promise<{ smtpUrl: string; from: string } | null> {
  const { from, smtpUrl } = await read(db);
  return smtpUrl === null || from === '' ? null : { from, smtpUrl: sealer.open(smtpUrl, CONTEXT) };
}

/** `smtpUrl` undefined keeps the stored one, null forgets it. */
export async function saveMailSettings(
  db: Database,
  { from, smtpUrl, now }: { from: string; smtpUrl: URL | null | undefined; now: Date },
  sealer: Sealer,
): Promise<void> {
  await db.transaction(async (tx) => {
    const stored = await read(tx);
    const server = smtpUrl === undefined ? { host: stored.host, smtpUrl: stored.smtpUrl } : sealServer(smtpUrl, sealer);
    const value = { from, ...server };
    await tx
      .insert(settings)
      .values({ key: KEY, value, updatedAt: now })
      .onConflictDoUpdate({ target: settings.key, set: { value, updatedAt: now } });
  });
}

function sealServer(smtpUrl: URL | null, sealer: Sealer) {
  return smtpUrl ? { host: smtpUrl.host, smtpUrl: sealer.seal(smtpUrl.href, CONTEXT) } : { host: null, smtpUrl: null };
}

async function read(db: Database | Transaction): Promise<z.infer<typeof storedSchema>> {
  const rows = await db.select().from(settings).where(eq(settings.key, KEY));
  return rows[0] ? storedSchema.parse(rows[0].value) : NONE;
}
