import type { z } from 'zod';
import type { checkAnswerSchema } from '../../lib/contract/settings.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { changeConnection } from '../storage/connections.repository.ts';
import { describeFailure } from './describe-failure.ts';
import type { HttpParts } from './http-parts.ts';
import { kindName } from './kind-name.ts';
import { getConnection } from './read-connections.ts';

/** Asks the other side once and keeps what it said with the connection. */
export async function checkConnection(
  id: string,
  { services: { db, clock }, parts }: { services: Services; parts: HttpParts },
): Promise<z.infer<typeof checkAnswerSchema>> {
  const row = await getConnection(db, id);
  const adapter = row.side === 'ats' ? await parts.connectAts(id) : await parts.connectVendor(id);
  const result = await adapter.check();
  const name = kindName(row.kind);
  const checkedAt = clock.now();
  if (!result.ok) {
    const message = describeFailure(result, name);
    await changeConnection(db, id, { checkedAt, trouble: message });
    return { ok: false, message, account: null };
  }
  const { account } = result.value;
  await changeConnection(db, id, { checkedAt, trouble: null, account });
  const message = account === null ? say('server.check.ok', { name }) : say('server.check.ok-account', { name, account });
  return { ok: true, message, account };
}
