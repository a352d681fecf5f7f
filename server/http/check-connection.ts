import type { z } from 'zod';
import { type checkAnswerSchema, connectionSettingsSchema } from '../../lib/contract/settings.ts';
import type { AtsAdapter } from '../ats/port.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { changeConnection } from '../storage/connections.repository.ts';
import type { Checked, VendorAdapter } from '../vendors/port.ts';
import { needsConsent } from './connection-view.ts';
import { describeFailure } from './describe-failure.ts';
import type { HttpParts } from './http-parts.ts';
import { connectionName } from './kind-name.ts';
import { getConnection } from './read-connections.ts';
import { tryConnect } from './try-connect.ts';

/** Asks the other side once and keeps what it said with the connection. */
export async function checkConnection(
  id: string,
  { services: { db, clock }, parts }: { services: Services; parts: HttpParts },
): Promise<z.infer<typeof checkAnswerSchema>> {
  const row = await getConnection(db, id);
  const name = connectionName(row.settings);
  const connected = await tryConnect<AtsAdapter | VendorAdapter>(
    row.side === 'ats' ? parts.connectAts(id) : parts.connectVendor(id),
  );
  // A missing credential is listed with the connection already, and stops being wrong without another check.
  if (!connected.ok) return { ok: false, message: connected.message, account: null };
  const result = await connected.adapter.check();
  const checkedAt = clock.now();
  if (!result.ok) {
    const message = describeFailure(result, name, needsConsent(connectionSettingsSchema.parse(row.settings)));
    await changeConnection(db, id, { checkedAt, trouble: message });
    return { ok: false, message, account: null };
  }
  const { account } = result.value;
  await changeConnection(db, id, { checkedAt, trouble: null, account });
  return { ok: true, message: okMessage(name, result.value), account };
}

function okMessage(name: string, { account, asked }: Checked): string {
  if (asked === false) return say('server.check.nothing-to-ask', { name });
  return account === null ? say('server.check.ok', { name }) : say('server.check.ok-account', { name, account });
}
