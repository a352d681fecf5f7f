import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { WriteTarget } from '../port.ts';
import type { LeverClient } from './client.ts';
import { done, refused } from './results.ts';
import { leverNoteSchema } from './schemas.ts';

/**
 * https://hire.lever.co/developer/documentation#update-a-note ; only notes made through the API can be changed through it.
 * The change replaces the whole note, colleagues' comments below it included. So we look first: a note that somebody has answered, or
 * that we may not look at, is left as it is. The gap between look and change is one call long.
 */
export async function updateNote(
  client: LeverClient,
  target: WriteTarget,
  note: { noteId: string; text: string },
): Promise<CallResult<void>> {
  const path = ['opportunities', target.applicationId, 'notes', note.noteId];
  const now = await client.get(path, {}, leverNoteSchema);
  if (!now.ok) return now;
  if (now.value.deletedAt) return { ok: false, kind: 'not-found', status: 404, detail: 'The note has been deleted in Lever.' };
  if ((now.value.fields ?? []).length > 1) return refused('Somebody has answered under the note in Lever.');
  return done(await client.write('PUT', path, { json: { values: [{ value: note.text }] } }, target));
}

/** https://hire.lever.co/developer/documentation#delete-a-note */
export async function deleteNote(client: LeverClient, target: WriteTarget, noteId: string): Promise<CallResult<void>> {
  const deleted = await client.write('DELETE', ['opportunities', target.applicationId, 'notes', noteId], {}, target);
  return !deleted.ok && deleted.kind === 'not-found' ? succeed(undefined) : done(deleted);
}
