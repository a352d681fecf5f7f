/**
 * What we do in Lever. Idempotency: Lever has no key for it. Tags and moves are safe to repeat (a set; a move looks first);
 * a repeated note would be a second note, so `findNote` is asked before.
 * The answers to writes come with name and e-mails emptied: they are never read as the candidate.
 */
import { z } from 'zod';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { AtsDispositionReason, AtsStage, WriteTarget } from '../port.ts';
import type { LeverClient } from './client.ts';
import { done, refused } from './results.ts';
import { type LeverArchiveReason, leverNoteReceiptSchema, leverNoteSchema, leverOpportunitySchema } from './schemas.ts';

/** https://hire.lever.co/developer/documentation#update-opportunity-tags ; an unknown tag is created, a present one stays. */
export async function addTag(client: LeverClient, target: WriteTarget, tag: string): Promise<CallResult<void>> {
  return done(await client.write('POST', ['opportunities', target.applicationId, 'addTags'], { json: { tags: [tag] } }, target));
}

/** https://hire.lever.co/developer/documentation#update-opportunity-tags */
export async function removeTag(client: LeverClient, target: WriteTarget, tag: string): Promise<CallResult<void>> {
  return done(
    await client.write('POST', ['opportunities', target.applicationId, 'removeTags'], { json: { tags: [tag] } }, target),
  );
}

/** https://hire.lever.co/developer/documentation#create-a-note ; followers are not notified and the note is not secret. */
export async function writeNote(
  client: LeverClient,
  target: WriteTarget,
  note: { text: string; reference: string },
): Promise<CallResult<{ noteId: string | null }>> {
  // Without the reference in the text a lost answer could never be settled by looking.
  const value = note.text.includes(note.reference) ? note.text : `${note.text}\n${note.reference}`;
  const written = await client.write('POST', ['opportunities', target.applicationId, 'notes'], { json: { value } }, target);
  if (!written.ok) return written;
  const receipt = leverNoteReceiptSchema.safeParse(written.value);
  return succeed({ noteId: receipt.success ? receipt.data : null });
}

/**
 * https://hire.lever.co/developer/documentation#list-all-notes ; a note that somebody deleted since still counts as found,
 * as long as Lever lists it: writing it again would undo what a person did.
 */
export async function findNote(
  client: LeverClient,
  opportunityId: string,
  reference: string,
): Promise<CallResult<'found' | 'absent' | 'cannot-look'>> {
  for await (const page of client.pages(['opportunities', opportunityId, 'notes'], {}, leverNoteSchema)) {
    if (!page.ok) return page.kind === 'forbidden' ? succeed('cannot-look') : page;
    const texts = page.value.flatMap((note) => (note.fields ?? []).map(({ value }) => value));
    if (texts.some((text) => typeof text === 'string' && text.includes(reference))) return succeed('found');
  }
  return succeed('absent');
}

/**
 * https://hire.lever.co/developer/documentation#update-opportunity-stage ; Lever cannot be told "only from there", so we look
 * first: the gap between look and move is one call long. Already there counts as done, so that a lost answer may be repeated.
 */
export async function moveToStage(
  client: LeverClient,
  target: WriteTarget,
  move: { fromStageId: string; toStageId: string },
): Promise<CallResult<void>> {
  const path = ['opportunities', target.applicationId];
  const now = await client.get(path, {}, leverOpportunitySchema);
  if (!now.ok) return now;
  const { stage, archived } = now.value;
  if (stage?.id === move.toStageId) return succeed(undefined);
  if (stage?.id !== move.fromStageId) return refused('The candidate has been moved to another stage meanwhile.');
  // Lever would move an archived one and leave it archived.
  if (archived) return refused('The candidate has been archived meanwhile.');
  return done(await client.write('PUT', [...path, 'stage'], { json: { stage: move.toStageId } }, target));
}

export function toAtsStages(stages: readonly { id: string; text?: string | null }[]): AtsStage[] {
  return stages.map(({ id, text }, order) => ({ stageId: id, name: text ?? id, job: null, order }));
}

export function toAtsReasons(reasons: readonly LeverArchiveReason[]): AtsDispositionReason[] {
  return reasons.map(({ id, text, type, status }) => ({
    reasonId: id,
    name: text ?? id,
    kind: type === 'hired' || type === 'non-hired' ? type : 'unknown',
    active: status !== 'inactive',
  }));
}

/** An id that nothing has: "not there" is said only to those who may look. */
export const NOBODY = '00000000-0000-4000-8000-000000000000';

/**
 * One row of the list, which proves the address too. A key with the least rights may not list, but look at single opportunities: that
 * is the one right nothing works without, and so the one a refusal has to name. Lever tells no name of the account.
 */
export async function check(client: LeverClient): Promise<CallResult<{ account: string | null }>> {
  const listed = await client.get(['opportunities'], { limit: 1 }, z.unknown());
  if (listed.ok) return succeed({ account: null });
  if (listed.kind !== 'forbidden') return listed;
  const one = await client.get(['opportunities', NOBODY], {}, z.unknown());
  return one.ok || one.kind === 'not-found' ? succeed({ account: null }) : one;
}
