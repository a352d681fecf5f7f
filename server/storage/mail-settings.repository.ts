import { eq } from 'drizzle-orm';
import { z } from 'zod';
import type { MailTemplate } from '../../lib/domain/mail-template.ts';
import type { Database, Transaction } from '../services.ts';
import { settings } from './schema.ts';
import type { Sealer } from './seal.ts';
import { SEALED_FOR } from './seal-contexts.ts';

const KEY = 'mail';
/** Rows of earlier versions lack what came later. */
const storedSchema = z.object({
  from: z.string(),
  host: z.string().nullable(),
  smtpUrl: z.string().nullable(),
  bounce: z.string().default(''),
  template: z.object({ subject: z.string(), text: z.string() }).nullable().default(null),
});

export interface MailSettings {
  from: string;
  /** Name and port of the mail server; null while none is set. */
  host: string | null;
  /** Where what cannot be delivered comes back to; empty: to the sender. */
  bounce: string;
  /** The company's own words; null: ours. */
  template: MailTemplate | null;
}

const NONE = { from: '', host: null, smtpUrl: null, bounce: '', template: null };

/** Without the credentials; for screens. */
export async function readMailSettings(db: Database | Transaction): Promise<MailSettings> {
  const { from, host, bounce, template } = await read(db);
  return { from, host, bounce, template };
}

/** All that the mailer needs, with the credentials; null while mail is not set up. */
export async function openMailSettings(
  db: Database | Transaction,
  sealer: Sealer,
): Promise<{ smtpUrl: string; from: string; bounce?: string } | null> {
  const { from, smtpUrl, bounce } = await read(db);
  return smtpUrl === null || from === ''
    ? null
    : { from, smtpUrl: sealer.open(smtpUrl, SEALED_FOR.mailServer), ...(bounce && { bounce }) };
}

/** `smtpUrl` undefined keeps the stored one, null forgets it; `bounce` and `template` likewise stay where they are not given. */
export async function saveMailSettings(
  db: Database,
  { from, smtpUrl, bounce, template, now }: MailChange,
  sealer: Sealer,
): Promise<void> {
  await db.transaction(async (tx) => {
    // Held: a change of the master key in between would be undone for what is kept.
    const stored = await read(tx, true);
    const server = smtpUrl === undefined ? { host: stored.host, smtpUrl: stored.smtpUrl } : sealServer(smtpUrl, sealer);
    const words = { bounce: bounce ?? stored.bounce, template: template === undefined ? stored.template : template };
    const value = { from, ...server, ...words };
    await tx
      .insert(settings)
      .values({ key: KEY, value, updatedAt: now })
      .onConflictDoUpdate({ target: settings.key, set: { value, updatedAt: now } });
  });
}

interface MailChange {
  from: string;
  smtpUrl: URL | null | undefined;
  bounce?: string | undefined;
  template?: MailTemplate | null | undefined;
  now: Date;
}

function sealServer(smtpUrl: URL | null, sealer: Sealer) {
  return smtpUrl
    ? { host: smtpUrl.host, smtpUrl: sealer.seal(smtpUrl.href, SEALED_FOR.mailServer) }
    : { host: null, smtpUrl: null };
}

/** @param lock holds it until the transaction ends */
async function read(db: Database | Transaction, lock = false): Promise<z.infer<typeof storedSchema>> {
  const query = db.select().from(settings).where(eq(settings.key, KEY));
  const rows = await (lock ? query.for('update') : query);
  return rows[0] ? storedSchema.parse(rows[0].value) : NONE;
}
