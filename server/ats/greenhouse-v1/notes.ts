/**
 * Notes in the activity feed of v1: they can be neither changed nor taken back, and belong to the person, not to an application.
 * https://developers.greenhouse.io/harvest.html#post-add-note
 */
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import { toWireId } from '../greenhouse/client.ts';
import type { GreenhouseV1Client } from './client.ts';
import { readFeed } from './read-snapshot.ts';

export interface GreenhouseV1NoteInput {
  candidateId: string;
  text: string;
  reference: string;
}

/** Public: whoever may see the candidate may know that an assessment was sent. The answer names no id that could be used. */
export async function writeNote(
  client: GreenhouseV1Client,
  { candidateId, text, reference }: GreenhouseV1NoteInput,
): Promise<CallResult<{ noteId: null }>> {
  const place = { path: `/candidates/${candidateId}/activity_feed/notes`, right: 'Candidates: Post: Add Note' };
  const body = text.includes(reference) ? text : `${text}\n\n${reference}`;
  const written = await client.write('POST', place, (userId) => ({ user_id: toWireId(userId), body, visibility: 'public' }));
  return written.ok ? succeed({ noteId: null }) : written;
}

/** In the feed, which is not paged. */
export async function findNote(
  client: GreenhouseV1Client,
  candidateId: string,
  reference: string,
): Promise<CallResult<'found' | 'absent' | 'cannot-look'>> {
  const feed = await readFeed(client, candidateId);
  if (!feed.ok) return feed.kind === 'forbidden' ? succeed('cannot-look') : feed;
  const { notes } = feed.value;
  // What was answered instead of a feed must not pass for "not written yet".
  if (notes === null) return { ok: false, kind: 'unreadable', detail: 'The activity feed has no notes in it' };
  return succeed(notes.some(({ body }) => body?.includes(reference)) ? 'found' : 'absent');
}
