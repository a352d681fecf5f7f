import * as z from 'zod';
import type { Note } from '../world/records.ts';
import { type Call, toActor } from './call.ts';
import { unprocessable } from './errors.ts';
import { toNoteJson } from './lists/note-list.ts';
import { defineWrite, needCandidate } from './write.ts';

const id = z.int().positive();

const noteBody = z.strictObject({
  candidate_id: id,
  body: z.string().min(1),
  // Not the words that a read answers.
  visibility: z.enum(['admin_only', 'private', 'public']),
  note_type: z.enum(['NOTE', 'ACTIVITY', 'EMAIL']).default('NOTE'),
  application_id: id.optional(),
  user_id: id.optional(),
  subject: z.string().optional(),
  email_from: z.string().optional(),
  email_to: z.string().optional(),
  email_cc: z.string().optional(),
});
type NoteBody = z.infer<typeof noteBody>;

export const noteWrite = defineWrite<NoteBody>({
  method: 'post',
  path: '/notes',
  scope: 'harvest:notes:create',
  body: noteBody,
  run(call, body) {
    needCandidate(call, body.candidate_id, 'candidate_id');
    refuseForeignApplication(call, body);
    refuseEmailMixture(body);
    if (body.user_id !== undefined && !call.world.users.find(body.user_id)) throw unprocessable({ user_id: 'does not exist' });
    const note = call.world.notes.add(toNote(body, call));
    return Response.json(toAnswer(note, call), { status: 201 });
  },
});

function refuseForeignApplication({ world }: Call, { application_id, candidate_id }: NoteBody): void {
  if (application_id === undefined || world.applications.find(application_id)?.candidateId === candidate_id) return;
  throw unprocessable({ application_id: 'does not belong to the candidate' });
}

/** The e-mail fields are all required for EMAIL and forbidden otherwise. */
function refuseEmailMixture({ note_type, email_from, email_to, email_cc }: NoteBody): void {
  const given = [email_from, email_to, email_cc].filter((field) => field !== undefined).length;
  if (note_type === 'EMAIL' && given < 3) throw unprocessable('email_from, email_to and email_cc are required for EMAIL');
  if (note_type !== 'EMAIL' && given > 0) throw unprocessable('email_from, email_to and email_cc are only for EMAIL');
}

function toNote(body: NoteBody, call: Call): Omit<Note, 'id' | 'createdAt' | 'updatedAt'> {
  return {
    candidateId: body.candidate_id,
    applicationId: body.application_id ?? null,
    userId: body.user_id ?? toActor(call).userId,
    type: body.note_type,
    visibility: body.visibility,
    body: body.body,
    subject: body.subject ?? null,
    emailFrom: body.email_from ?? null,
    emailTo: body.email_to ?? null,
    emailCc: body.email_cc ?? null,
  };
}

function toAnswer(note: Note, { world }: Call): Record<string, unknown> {
  const written = world.settings.noteVisibilityAnswer === 'written';
  return { ...toNoteJson(note), ...(written ? { visibility: note.visibility } : {}) };
}
