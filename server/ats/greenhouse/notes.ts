/**
 * Notes in Greenhouse's activity feed: they can be neither changed nor taken back.
 * https://harvestdocs.greenhouse.io/reference/post_v3-notes
 * https://harvestdocs.greenhouse.io/reference/get_v3-notes
 *
 * Once: look before writing. The reference stands in the text; Greenhouse knows no idempotency key.
 */
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import { type GreenhouseClient, toWireId } from './client.ts';
import { greenhouseCreatedSchema, greenhouseNoteSchema } from './schemas.ts';

export interface GreenhouseNoteInput {
  candidateId: string;
  applicationId: string;
  text: string;
  reference: string;
}

/** Public: whoever may see the candidate may know that an assessment was sent. */
export async function writeNote(
  client: GreenhouseClient,
  note: GreenhouseNoteInput,
): Promise<CallResult<{ noteId: string | null }>> {
  const answer = await client.post('/notes', {
    candidate_id: toWireId(note.candidateId),
    application_id: toWireId(note.applicationId),
    body: note.text.includes(note.reference) ? note.text : `${note.text}\n\n${note.reference}`,
    // The words for reading are others: publicly_visible and so on.
    visibility: 'public',
    note_type: 'NOTE',
  });
  if (!answer.ok) return answer;
  const created = greenhouseCreatedSchema.safeParse(answer.value);
  return succeed({ noteId: created.success ? created.data.id : null });
}

/**
 * Looks through all notes of the person, newest first, and stops at the first that fits. Not narrowed to the application: a note that
 * lost its application would be written a second time.
 */
export async function findNote(
  client: GreenhouseClient,
  candidateId: string,
  reference: string,
): Promise<CallResult<'found' | 'absent' | 'cannot-look'>> {
  for await (const page of client.pages('/notes', { candidate_ids: candidateId }, greenhouseNoteSchema)) {
    if (!page.ok) return page.kind === 'forbidden' ? succeed('cannot-look') : page;
    if (page.value.some((note) => `${note.body}\n${note.body_with_tags}`.includes(reference))) return succeed('found');
  }
  return succeed('absent');
}
