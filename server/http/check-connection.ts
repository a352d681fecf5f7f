import type { z } from 'zod';
import { type checkAnswerSchema, connectionSettingsSchema } from '../../lib/contract/settings.ts';
import type { AtsAdapter } from '../ats/port.ts';
import { credentialWords } from '../jobs/watch-vendor.ts';
import type { CallFailure } from '../outbound/outcome.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { recordCheck } from '../storage/connections.repository.ts';
import type { Checked, VendorAdapter } from '../vendors/port.ts';
import { waitAtMost } from '../wait-at-most.ts';
import { needsConsent } from './connection-view.ts';
import { describeFailure } from './describe-failure.ts';
import type { HttpParts } from './http-parts.ts';
import { connectionName } from './kind-name.ts';
import { getConnection } from './read-connections.ts';
import { tryConnect } from './try-connect.ts';

interface Means {
  services: Services;
  parts: HttpParts;
}

/** Nobody waits longer to see what was saved; the answer is kept when it comes. */
const SAVED_WAITS_MS = 5000;

/** Asks the other side once and keeps what it said with the connection. */
export async function checkConnection(id: string, means: Means): Promise<z.infer<typeof checkAnswerSchema>> {
  return await ask(id, means, () => true);
}

/**
 * The same for credentials or settings that were just saved, as far as it can be asked in the time that a page may wait. That the other
 * side is out of reach says nothing about them and is not kept. A connection that is off is left alone.
 */
export async function checkSaved(id: string, means: Means): Promise<void> {
  const { db, log } = means.services;
  if (!(await getConnection(db, id)).enabled) return;
  const checked = ask(id, means, (failure) => !PASSING.includes(failure.kind)).catch((error: unknown) => {
    // It is saved, and "Check connection" asks again.
    log.warn({ err: error, connection: id }, 'a connection that was saved could not be checked');
  });
  await waitAtMost(SAVED_WAITS_MS, checked);
}

const PASSING: readonly CallFailure['kind'][] = ['rate-limited', 'unreachable', 'ambiguous', 'unreadable'];

async function ask(
  id: string,
  { services: { db, clock }, parts }: Means,
  isKept: (failure: CallFailure) => boolean,
): Promise<z.infer<typeof checkAnswerSchema>> {
  const row = await getConnection(db, id);
  const name = connectionName(row.settings);
  const connected = await tryConnect<AtsAdapter | VendorAdapter>(
    row.side === 'ats' ? parts.connectAts(id) : parts.connectVendor(id),
  );
  // A missing credential is listed with the connection already, and stops being wrong without another check.
  if (!connected.ok) return { ok: false, message: connected.message, account: null };
  const result = await connected.adapter.check();
  const asked = { id, updatedAt: row.updatedAt, now: clock.now() };
  if (!result.ok) {
    const ofVendor = row.side === 'vendor' ? credentialWords(result, name) : null;
    const message = ofVendor ?? describeFailure(result, name, needsConsent(connectionSettingsSchema.parse(row.settings)));
    if (isKept(result)) await recordCheck(db, { ...asked, trouble: message });
    return { ok: false, message, account: null };
  }
  const { account } = result.value;
  await recordCheck(db, { ...asked, trouble: null, account });
  return { ok: true, message: okMessage(name, result.value), account };
}

function okMessage(name: string, { account, asked }: Checked): string {
  if (asked === false) return say('server.check.nothing-to-ask', { name });
  return account === null ? say('server.check.ok', { name }) : say('server.check.ok-account', { name, account });
}
