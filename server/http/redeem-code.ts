import { timingSafeEqual } from 'node:crypto';
import type { MemberRole } from '../../lib/domain/member.ts';
import type { Services, Transaction } from '../services.ts';
import { appendAudit } from '../storage/audit.repository.ts';
import { hashSecret } from '../storage/hash-secret.ts';
import { addMember } from '../storage/members.repository.ts';
import { countWrongTry, lockPairingCode, markPairingCodeUsed, type PairingCodeRow } from '../storage/pairing-codes.repository.ts';
import { addToken } from '../storage/tokens.repository.ts';
import { type PairingCode, readPairingCode } from './pairing-code.ts';

/** After so many wrong guesses a code is dead, also for whoever knows it. */
export const CODE_TRIES = 5;

export interface Newcomer {
  typed: string;
  name: string;
  device: string;
  /** The extension's origin, to which the token is bound; null when something else pairs. */
  origin: string | null;
}

export type Redeemed =
  | { kind: 'welcome'; token: string; member: { id: string; name: string; role: MemberRole } }
  | { kind: 'wrong' }
  | { kind: 'locked' }
  | { kind: 'over' };

/** Turns a one-time code into a new member with a token. A refusal is a value, because its wrong try has to be committed. */
export async function redeemCode(services: Services, newcomer: Newcomer): Promise<Redeemed> {
  const code = readPairingCode(newcomer.typed);
  if (!code) return { kind: 'wrong' };
  return services.db.transaction(async (tx) => {
    const row = await lockPairingCode(tx, code.prefix);
    if (!row) return { kind: 'wrong' };
    if (row.tries >= CODE_TRIES) return { kind: 'locked' };
    if (!isRight(code, row)) {
      await countWrongTry(tx, row);
      return { kind: 'wrong' };
    }
    if (row.usedAt || row.revokedAt || row.expiresAt <= services.clock.now()) return { kind: 'over' };
    return welcome(tx, services, row, newcomer);
  });
}

function isRight(code: PairingCode, row: PairingCodeRow): boolean {
  return timingSafeEqual(Buffer.from(hashSecret(code.text)), Buffer.from(row.hash));
}

async function welcome(tx: Transaction, services: Services, row: PairingCodeRow, newcomer: Newcomer): Promise<Redeemed> {
  const now = services.clock.now();
  const member = { id: services.random.uuid(), name: newcomer.name, role: row.role };
  const secret = services.random.token(32);
  const { device, origin } = newcomer;
  // From the code alone: an address that the browser names would make its owner into anybody in the ATS.
  await addMember(tx, { ...member, email: row.email, createdAt: now });
  await addToken(tx, { id: services.random.uuid(), memberId: member.id, secret, device, origin, now });
  await markPairingCodeUsed(tx, { id: row.id, memberId: member.id, now });
  await appendAudit(tx, services, {
    who: { kind: 'member', id: member.id },
    action: 'member.joined',
    detail: { after: { name: member.name, role: row.role, email: row.email, device } },
  });
  return { kind: 'welcome', token: secret, member };
}
