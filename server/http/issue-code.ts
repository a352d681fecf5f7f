import type { MemberRole } from '../../lib/domain/member.ts';
import type { Services, Transaction } from '../services.ts';
import { type AuditEntry, appendAudit } from '../storage/audit.repository.ts';
import { hashSecret } from '../storage/hash-secret.ts';
import { addPairingCode, type PairingCodeRow } from '../storage/pairing-codes.repository.ts';
import { makePairingCode, showPairingCode } from './pairing-code.ts';

const DAY_MS = 24 * 60 * 60_000;
/** Prefixes are drawn from a million; even with thousands of old codes three draws are plenty. */
const DRAWS = 20;

export interface CodeOrder {
  role: MemberRole;
  note: string;
  /** Of the person for whom it is, as an admin said. */
  email?: string | null;
  /** The admin who makes it; null for the code that the server prints. */
  createdBy: string | null;
}

/** Makes a code and answers it once; only its hash is kept. What it lets in is written into the audit with it. */
export async function issueCode(
  db: Services['db'] | Transaction,
  { clock, random }: Pick<Services, 'clock' | 'random'>,
  order: CodeOrder,
): Promise<{ row: PairingCodeRow; shown: string }> {
  const createdAt = clock.now();
  const expiresAt = new Date(createdAt.getTime() + DAY_MS);
  for (let draw = 0; draw < DRAWS; draw += 1) {
    const code = makePairingCode(random);
    const hash = hashSecret(code.text);
    const row = await addPairingCode(db, {
      email: null,
      ...order,
      id: random.uuid(),
      prefix: code.prefix,
      hash,
      createdAt,
      expiresAt,
    });
    if (row) {
      await appendAudit(db, { clock, random }, entryOf(row));
      return { row, shown: showPairingCode(code) };
    }
  }
  throw new Error('No free prefix for a pairing code was found');
}

function entryOf({ createdBy, role, note, email }: PairingCodeRow): AuditEntry {
  const who: AuditEntry['who'] = createdBy === null ? { kind: 'command' } : { kind: 'member', id: createdBy };
  return { who, action: 'code.made', detail: { after: { role, note, email } } };
}
