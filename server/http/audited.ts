import type { Services } from '../services.ts';
import { type AuditEntry, appendAuditAll } from '../storage/audit.repository.ts';

/** What a member did. */
export type Act = Omit<AuditEntry, 'who'>;

/**
 * Does what a member asked for and writes it into the audit, both or neither. `work` is given services whose database is the transaction,
 * and tells by `note` what it did; nothing outside may be called meanwhile. Nothing noted, nothing written: what was asked for changed nothing.
 */
export async function audited<T>(
  services: Services,
  { id }: { id: string },
  work: (inside: Services, note: (act: Act) => void) => Promise<T>,
): Promise<T> {
  return await services.db.transaction(async (tx) => {
    const acts: Act[] = [];
    const value = await work({ ...services, db: tx }, (act) => acts.push(act));
    const who = { kind: 'member', id } as const;
    await appendAuditAll(
      tx,
      services,
      acts.map((act) => ({ ...act, who })),
    );
    return value;
  });
}

/** What a member did outside, after it was done or tried: there is nothing of ours that it could stand or fall with. */
export async function auditAct(services: Services, member: { id: string }, act: Act): Promise<void> {
  await audited(services, member, async (_inside, note) => note(act));
}
