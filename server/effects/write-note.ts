import { VENDOR_NAMES } from '../../lib/domain/assessment.ts';
import { afterFailure, done, failed, systemName, withAts } from './ats-write.ts';
import { noteReference } from './note-reference.ts';
import { noteText } from './note-text.ts';
import type { EffectOutcome, EffectRunner } from './runner.ts';

/**
 * Story: look before writing. Neither ATS knows idempotency keys, so after a run that was cut off the candidate's notes are
 * searched for our reference code. Where the credential may not list notes, nobody can be asked: then the note is unconfirmed and
 * not written again. The first run need not look: its key was never used before.
 */
export const writeNote: EffectRunner<'write-note'> = {
  async run(effect, context, interrupted) {
    const { invitation, assessment } = context;
    const given = { effect: 'write-note' as const, effectKey: effect.key, values: { assessment: effect.note.assessment } };
    const reference = noteReference(effect.key);
    return await withAts(context, given, async (adapter): Promise<EffectOutcome> => {
      const system = systemName(adapter);
      if (!invitation) return { kind: 'failed', report: failed(given, 'the invitation is gone.'), why: 'the invitation is gone' };
      if (interrupted) {
        const found = await adapter.findNote(context.target, reference);
        if (!found.ok) return afterFailure(found, { ...given, system, mayHaveHappened: true });
        if (found.value === 'found') return done(given);
        if (found.value === 'cannot-look') return unconfirmed(given, system);
      }
      const vendorName = assessment ? VENDOR_NAMES[assessment.vendor] : '';
      const text = noteText(effect.note, { invitation, assessment, vendorName, reference });
      const written = await adapter.writeNote(context.target, { text, reference });
      return written.ok ? done(given) : afterFailure(written, { ...given, system, mayHaveHappened: false });
    });
  },
  giveUp: (effect, _context, { why, mayHaveHappened }) =>
    failed({ effect: 'write-note', effectKey: effect.key, values: { assessment: effect.note.assessment } }, why, mayHaveHappened),
};

function unconfirmed(
  given: { effect: 'write-note'; effectKey: string; values: Record<string, string> },
  system: string,
): EffectOutcome {
  const why = `the answer of ${system} was lost, and the credential may not list notes.`;
  return { kind: 'unconfirmed', report: failed(given, why, true), why };
}
