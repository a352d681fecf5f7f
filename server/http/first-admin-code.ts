import type { Services } from '../services.ts';
import { hasAdmin } from '../storage/members.repository.ts';
import { revokePrintedCodes } from '../storage/pairing-codes.repository.ts';
import { issueCode } from './issue-code.ts';

/**
 * The code with which the first admin gets in, to be printed at the start; null once there is an admin. Only its hash is kept, so
 * every start makes a fresh one and ends the one printed before.
 */
export async function ensureFirstAdminCode(services: Pick<Services, 'db' | 'clock' | 'random'>): Promise<string | null> {
  return services.db.transaction(async (tx) => {
    await revokePrintedCodes(tx, services.clock.now());
    if (await hasAdmin(tx)) return null;
    const { shown } = await issueCode(tx, services, { role: 'admin', note: '', createdBy: null });
    return shown;
  });
}
