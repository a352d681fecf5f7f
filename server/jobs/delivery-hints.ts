import { and, eq, inArray, isNotNull, ne, notInArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import { type ConnectionSettings, vendorNameOf } from '../../lib/contract/settings.ts';
import { type InvitationState, OPEN_STATES } from '../../lib/domain/invitation.ts';
import type { AtsHint } from '../ats/port.ts';
import type { Services, Transaction } from '../services.ts';
import { ensureApplication } from '../storage/ensure-application.ts';
import { listOf } from '../storage/list-of.ts';
import { type NewInput, putInputs } from '../storage/put-inputs.ts';
import { applications, type connections, type deliveries, inputs, invitations } from '../storage/schema.ts';
import type { VendorHint } from '../vendors/port.ts';
import type { Input } from '../workflow/input.ts';
import { personKey } from '../workflow/prepare-invitation.ts';
import { readAtsHints, readVendorHints } from './stored-hints.ts';

/** A stored webhook, and the `word` under which what it tells is put into a lane: another one makes it count once more. */
export interface Told {
  delivery: Pick<typeof deliveries.$inferSelect, 'id' | 'connectionId' | 'hints' | 'replays'> & {
    /** Part of it was left out, because it was about somebody who was erased. */
    named?: boolean;
  };
  connection: Pick<typeof connections.$inferSelect, 'side' | 'settings'>;
  word: string;
  isReplay?: boolean;
  /** Takes what is to be put into the lanes; left out, it is put there at once. */
  put?: (input: NewInput) => void;
  /** Of the invitations that a group of webhooks names by our ids, those that are there; left out, each is looked for. */
  named?: NamedInvitations;
}

/** By connection and id. */
export type NamedInvitations = ReadonlyMap<string, FoundInvitation>;

interface FoundInvitation {
  id: string;
  applicationKey: string;
  state: InvitationState;
  /** The vendor's id of it; null while nobody told it. */
  externalId: string | null;
}

/**
 * Puts what a webhook tells into the lanes of whom it is about; their keys. What an ATS tells is mostly no more than a reason to look, so
 * the caller raises the hint. Null when it cannot be read.
 */
export async function hintFrom(tx: Transaction, services: Services, told: Told): Promise<string[] | null> {
  return told.connection.side === 'ats' ? await hintAts(tx, services, told) : await hintVendor(tx, services, told);
}

async function hintAts(tx: Transaction, services: Services, { delivery }: Told): Promise<string[] | null> {
  const hints = readAtsHints(delivery.hints);
  if (!hints) return null;
  const keys: string[] = [];
  for (const hint of hints) {
    const about = await applicationsOfHint(tx, services, delivery.connectionId, hint);
    keys.push(...about);
  }
  return keys;
}

async function applicationsOfHint(
  tx: Transaction,
  services: Services,
  connectionId: string,
  { applicationId, candidateId, deleted }: AtsHint,
): Promise<string[]> {
  // Whom we have never heard of, we need not hear of now.
  if (deleted && applicationId) return await knownApplications(tx, connectionId, applicationId);
  if (applicationId) return [await ensureApplication(tx, services, { connectionId, applicationId })];
  return candidateId ? await applicationsOf(tx, connectionId, candidateId) : [];
}

async function knownApplications(tx: Transaction, connectionId: string, applicationId: string): Promise<string[]> {
  const rows = await tx
    .select({ key: applications.key })
    .from(applications)
    .where(and(eq(applications.connectionId, connectionId), eq(applications.applicationId, applicationId)));
  return rows.map((row) => row.key);
}

async function applicationsOf(tx: Transaction, connectionId: string, candidateId: string): Promise<string[]> {
  const rows = await tx
    .select({ key: applications.key })
    .from(applications)
    .where(and(eq(applications.connectionId, connectionId), eq(applications.candidateId, candidateId)));
  return rows.map((row) => row.key);
}

/** "Something may have changed": the lane re-reads because the counter moved. */
export async function raiseHint(tx: Transaction, keys: readonly string[]): Promise<void> {
  // In a fixed order, so that two relays never wait for each other in a circle.
  for (const key of [...new Set(keys)].toSorted()) {
    await tx
      .update(applications)
      .set({ hinted: sql`${applications.hinted} + 1` })
      .where(eq(applications.key, key));
  }
}

async function hintVendor(tx: Transaction, services: Services, told: Told): Promise<string[] | null> {
  const { delivery, connection, word } = told;
  const settings: ConnectionSettings = connection.settings;
  const vendor = vendorNameOf(settings);
  const hints = readVendorHints(delivery.hints);
  if (!vendor || !hints || isUnreadReport(told)) return null;
  const keys: string[] = [];
  for (const [index, hint] of hints.entries()) {
    const found = await findInvitation(tx, delivery.connectionId, hint, told.named);
    if (!found) continue;
    // A result of the past, told once more, would pass for a correction of what came after it.
    const isOld = told.isReplay === true && (await wasDecided(tx, delivery, index));
    const { claim, trusted } = hint;
    const input: Input = isOld
      ? { kind: 'poll', invitationId: found.id, vendor }
      : { kind: 'vendor-hint', invitationId: found.id, vendor, trusted: trusted === true, claim };
    const put = { applicationKey: found.applicationKey, key: `${word}:${index}`, input, createdAt: services.clock.now() };
    if (told.put) told.put(put);
    else await putInputs(tx, [put]);
    keys.push(found.applicationKey);
  }
  return keys;
}

/** A generic report is signed by whoever was given our secret for it, and is always about somebody; nothing else tells of it again. */
export function isUnreadReport({ delivery, connection }: Pick<Told, 'delivery' | 'connection'>): boolean {
  return connection.settings.kind === 'byteboard' && delivery.hints.length === 0 && !delivery.named;
}

/** Under its own key, or as it was run again before: it may have been about nobody when it came. */
async function wasDecided(tx: Transaction, { id, replays }: Told['delivery'], index: number): Promise<boolean> {
  const replayed = Array.from({ length: replays }, (_, before) => `replay:${id}:${before + 1}:${index}`);
  const keys = [`delivery:${id}:${index}`, ...replayed];
  const [row] = await tx
    .select({ id: inputs.id })
    .from(inputs)
    .where(and(sql`${inputs.key} = any${listOf('text', keys)}`, isNotNull(inputs.decisionId)))
    .limit(1);
  return row !== undefined;
}

/** Of what has not gone out no vendor can know. */
const HAS_GONE_OUT = notInArray(invitations.state, ['held', 'undone'] satisfies InvitationState[]);

const FOUND = {
  id: invitations.id,
  applicationKey: invitations.applicationKey,
  state: invitations.state,
  externalId: invitations.externalId,
};

/** Those that these webhooks of vendors name by our own ids, with one look. */
export async function findNamed(
  tx: Transaction,
  told: readonly Pick<Told['delivery'], 'connectionId' | 'hints'>[],
): Promise<NamedInvitations> {
  const ids = told.flatMap(({ hints }) =>
    (readVendorHints(hints) ?? []).flatMap(({ invitationId }) =>
      invitationId && z.uuid().safeParse(invitationId).success ? [invitationId] : [],
    ),
  );
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select({ ...FOUND, connectionId: invitations.vendorConnectionId })
    .from(invitations)
    .where(and(sql`${invitations.id} = any${listOf('uuid', ids)}`, HAS_GONE_OUT));
  return new Map(rows.map(({ connectionId, ...found }) => [`${connectionId} ${found.id}`, found]));
}

/**
 * Whose invitation a vendor speaks of: our id (unless another one was attached under the vendor's), else the vendor's, else assessment and
 * address. Among several the open one, else the newest of those that went out, and one that was refused only where there is no other; the
 * same person invited twice to one assessment cannot be told apart by such a vendor's words.
 */
export async function findInvitation(
  tx: Transaction,
  connectionId: string,
  hint: VendorHint,
  named?: NamedInvitations,
): Promise<FoundInvitation | undefined> {
  const mine = and(eq(invitations.vendorConnectionId, connectionId), HAS_GONE_OUT);
  const { state } = invitations;
  const isOpenFirst = sql`case when ${inArray(state, [...OPEN_STATES])} then 0 when ${ne(state, 'failed')} then 1 else 2 end`;
  const pick = async (condition: ReturnType<typeof and>) => {
    const [row] = await tx
      .select(FOUND)
      .from(invitations)
      .where(and(mine, condition))
      .orderBy(isOpenFirst, sql`${invitations.createdAt} desc`)
      .limit(1);
    return row;
  };
  if (hint.invitationId && z.uuid().safeParse(hint.invitationId).success) {
    const byId = named
      ? named.get(`${connectionId} ${hint.invitationId.toLowerCase()}`)
      : await pick(eq(invitations.id, hint.invitationId));
    // It may have been taken for one from outside, and attached: because nobody here knew that ours went out, or as the one after ours, which
    // CodeSignal calls by our id, too.
    const isOver = byId?.state === 'failed' || byId?.state === 'cancelled' || byId?.state === 'expired';
    const attached =
      isOver && hint.externalId && byId.externalId !== hint.externalId
        ? await pick(eq(invitations.externalId, hint.externalId))
        : undefined;
    if (byId) return attached ?? byId;
  }
  if (hint.externalId) {
    const found = await pick(eq(invitations.externalId, hint.externalId));
    if (found) return found;
  }
  const { assessmentExternalId: assessment, email } = hint;
  if (!assessment || !email) return undefined;
  const person = eq(invitations.person, personKey(email));
  const byId = await pick(and(eq(invitations.assessmentExternalId, assessment), person));
  // Who writes the report by hand or by script knows the name, not the id.
  return byId ?? (await pick(and(sql`lower(${invitations.assessmentName}) = ${assessment.toLowerCase()}`, person)));
}
