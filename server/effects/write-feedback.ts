import { vendorNameOfAssessment } from '../../lib/domain/assessment.ts';
import type { RaisedBy } from '../../lib/domain/invitation.ts';
import { hasPassed } from '../../lib/domain/result.ts';
import { findActingUser } from '../people/acting-user.ts';
import { say } from '../say.ts';
import { afterFailedLook, afterFailure, done, failed, systemName, withAts } from './ats-write.ts';
import { noteReference } from './note-reference.ts';
import { feedbackText } from './note-text.ts';
import type { EffectContext, EffectOutcome, EffectRunner } from './runner.ts';
import { failedBecause, givenOf, readWriteBack, switchedOff, unconfirmed } from './write-back.ts';

/**
 * Story: look before writing. The form carries our reference in its text, and is looked for by it first. Where the credential may not
 * read feedback and an earlier run may have written, nobody can be asked: then it is unconfirmed and not written again.
 *
 * A form is somebody's opinion, in their name. It is written for the recruiter who sent the invitation, else for the user who is set in
 * the connection, else not at all. Its score is one that an admin chose for passed or not passed; where the integrity check flagged
 * something none is given, and the text asks a person to look.
 */
export const writeFeedback: EffectRunner<'write-feedback'> = {
  async run(effect, context, interrupted) {
    const given = givenOf(effect, context);
    return await withAts(context, { ...given, mayHaveHappened: interrupted }, async (adapter): Promise<EffectOutcome> => {
      const set = await readWriteBack(context);
      if (!set?.writeBack.feedbackForm) return switchedOff(given, interrupted);
      const system = systemName(adapter);
      const { invitation, assessment } = context;
      const { findFeedback, writeFeedback: write } = adapter.operations;
      if (!findFeedback || !write) return failedBecause(given, say('server.write-back.not-possible', { system }), interrupted);
      if (!invitation?.result) return failedBecause(given, say('server.write-back.invitation-gone'), interrupted);
      const reference = noteReference(effect.key);
      const found = await findFeedback(context.target, reference);
      if (!found.ok) return afterFailedLook(found, { ...given, system, mayHaveHappened: interrupted });
      if (found.value === 'found') return done(given);
      if (found.value === 'cannot-look' && interrupted) return unconfirmed(given);
      const performAs = set.settings.kind === 'lever' ? set.settings.performAs : '';
      const authorUserId = (await authorOf(invitation.raisedBy, context)) || performAs;
      if (!authorUserId) return failedBecause(given, noAuthor(invitation.raisedBy, system));
      const { result } = invitation;
      const passed = result.integrity.status === 'flagged' ? null : hasPassed(result, assessment?.passMark ?? null);
      const scores = set.writeBack.feedbackScores;
      const score = passed === null ? '' : passed ? scores.passed : scores.notPassed;
      const vendorName = assessment ? vendorNameOfAssessment(assessment) : '';
      const written = await write(context.target, {
        formId: set.writeBack.feedbackForm,
        authorUserId,
        score: score || null,
        text: feedbackText({ invitation, assessment, vendorName, reference }),
        reference,
      });
      return written.ok ? done(given) : afterFailure(written, { ...given, system, mayHaveHappened: false });
    });
  },
  giveUp: (effect, context, { why, mayHaveHappened }) => failed(givenOf(effect, context), why, mayHaveHappened),
};

/** The ATS user of the recruiter who sent it. */
async function authorOf(raisedBy: RaisedBy, { services, connectionId }: EffectContext): Promise<string | null> {
  const memberId = raisedBy.kind === 'member' ? raisedBy.memberId : null;
  return await findActingUser(services.db, { connectionId, memberId });
}

function noAuthor(raisedBy: RaisedBy, system: string): string {
  return raisedBy.kind === 'member'
    ? say('server.write-back.no-author-member', { by: raisedBy.name, system })
    : say('server.write-back.no-author', { system });
}
