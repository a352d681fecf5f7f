import { vendorNameOfAssessment } from '../../lib/domain/assessment.ts';
import type { AtsAdapter } from '../ats/port.ts';
import type { CallFailure } from '../outbound/outcome.ts';
import { say } from '../say.ts';
import type { NoteContent } from '../workflow/effect.ts';
import { afterFailedLook, afterFailure, done, failed, systemName, withAts } from './ats-write.ts';
import { noteReference } from './note-reference.ts';
import { noteText } from './note-text.ts';
import type { EffectContext, EffectOutcome, EffectRunner } from './runner.ts';
import { troubleWords } from './trouble-words.ts';

/**
 * Story: look before writing. Neither ATS knows idempotency keys, so after a run that was cut off the candidate's notes are
 * searched for our reference code. Where the credential may not list notes, nobody can be asked: then the note is unconfirmed and
 * not written again; a person who says that it is not there may have overlooked it, so it is looked for then too. The first run need not
 * look: its key was never used before.
 *
 * A revised result changes our earlier note in place where the ATS can, which is safe to repeat. Where that note is gone or cannot be
 * changed any more, a new one is written, marked as revised too.
 */
export const writeNote: EffectRunner<'write-note'> = {
  async run(effect, context, interrupted) {
    const { invitation, assessment } = context;
    const given = { effect: 'write-note' as const, effectKey: effect.key, values: { assessment: effect.note.assessment } };
    const reference = noteReference(effect.key);
    return await withAts(context, { ...given, mayHaveHappened: interrupted }, async (adapter): Promise<EffectOutcome> => {
      const system = systemName(adapter);
      if (!invitation) return { kind: 'failed', report: failed(given, 'the invitation is gone.'), why: 'the invitation is gone' };
      const update = updateOf(adapter, effect.note, context);
      let mayHaveHappened = false;
      if (interrupted || context.looksFirst) {
        const found = await adapter.findNote(context.target, reference);
        const goesOn = !interrupted && !found.ok && isForGood(found);
        if (!found.ok && !goesOn) return afterFailedLook(found, { ...given, system, mayHaveHappened: interrupted });
        if (found.ok && found.value === 'found') return done(given);
        mayHaveHappened = interrupted && !(found.ok && found.value === 'absent');
      }
      const vendorName = assessment ? vendorNameOfAssessment(assessment) : '';
      const text = noteText(effect.note, { invitation, assessment, vendorName, reference });
      if (update) {
        const updated = await update.run(text);
        if (updated.ok) return done(given, { noteId: update.noteId });
        if (!isForGood(updated)) return afterFailure(updated, { ...given, system, mayHaveHappened });
      }
      if (mayHaveHappened) return unconfirmed(given, system);
      const written = await adapter.writeNote(context.target, { text, reference });
      if (!written.ok && written.kind === 'forbidden')
        return untilRightIsGiven(effect.note.assessment, troubleWords(written, system));
      if (!written.ok) return afterFailure(written, { ...given, system, mayHaveHappened: false });
      const { noteId } = written.value;
      return done(given, noteId === null ? undefined : { noteId });
    });
  },
  giveUp: (effect, _context, { why, mayHaveHappened }) =>
    failed({ effect: 'write-note', effectKey: effect.key, values: { assessment: effect.note.assessment } }, why, mayHaveHappened),
};

/** The change of our earlier note, if this note revises a result, the ATS can change notes, and we know which one it was. */
function updateOf(adapter: AtsAdapter, note: NoteContent, { target, resultNoteId: noteId }: EffectContext) {
  const { updateNote } = adapter.operations;
  if (note.about !== 'result' || note.version === 1 || noteId === null) return null;
  if (!adapter.capabilities.updatesNotes || !updateNote) return null;
  return { noteId, run: (text: string) => updateNote(target, { noteId, text }) };
}

/** Deleted by somebody, answered by somebody, or not ours to change: waiting mends none of it. */
function isForGood({ kind }: CallFailure): boolean {
  return kind === 'not-found' || kind === 'refused' || kind === 'forbidden';
}

/** Each look is a call that is refused again, so not more often. */
const RIGHT_MS = 5 * 60_000;

/**
 * A right that is missing today may be given today, and what the note tells stays true: so it waits, for a day like all else, and the
 * panel says for what.
 */
function untilRightIsGiven(assessment: string, detail: string): EffectOutcome {
  const why = say('server.note-waits', { assessment, detail });
  return { kind: 'again', afterMs: RIGHT_MS, why, mayHaveHappened: false };
}

function unconfirmed(
  given: { effect: 'write-note'; effectKey: string; values: Record<string, string> },
  system: string,
): EffectOutcome {
  const why = `the answer of ${system} was lost, and the credential may not list notes.`;
  return { kind: 'unconfirmed', report: failed(given, why, true), why };
}
