import { eq } from 'drizzle-orm';
import { outcomeWordsOf } from '../../lib/contract/settings.ts';
import { vendorNameOfAssessment } from '../../lib/domain/assessment.ts';
import { type Outcome, outcomeNameOf } from '../../lib/domain/outcome.ts';
import { say } from '../say.ts';
import type { Services } from '../services.ts';
import { applications, connections, invitations } from '../storage/schema.ts';
import { canDo } from '../vendors/operations.ts';
import { afterFailure, done, failed } from './ats-write.ts';
import { vendorNameOf } from './follow-up.ts';
import { repeatable } from './repeatable.ts';
import type { EffectContext, EffectOutcome } from './runner.ts';

/**
 * Story: safe to repeat (see VendorOperations.tellOutcome). What is told is the outcome as of now in the word that is chosen for it now, so
 * that one that was held up tells nothing that is no longer true.
 */
export const tellOutcome = repeatable<'tell-outcome'>({
  async run(effect, context): Promise<EffectOutcome> {
    const { invitation, connector, services } = context;
    const given = givenOf(effect.key, context);
    const standing = await readStanding(services, effect.invitationId);
    if (!invitation || !standing) return nothingTold(given);
    const { outcome, word } = standing;
    const vendor = await connector.vendor(invitation.vendorConnectionId);
    if (!vendor.ok) return afterFailure(vendor, { ...given, system: 'Tagalong', mayHaveHappened: false });
    const { operations } = vendor.value;
    const told = canDo(operations, 'tellOutcome', invitation) ? operations.tellOutcome : undefined;
    if (!told || !word) return nothingTold(given);
    const system = vendorNameOf(context, vendor.value);
    const values = { ...given.values, vendor: system, word };
    const answer = await told(invitation, { outcome, word });
    return answer.ok ? done({ ...given, values }) : afterFailure(answer, { ...given, values, system, mayHaveHappened: false });
  },
  giveUp: (effect, context, { why, mayHaveHappened }) => failed(givenOf(effect.key, context), why, mayHaveHappened),
});

function givenOf(effectKey: string, { invitation, assessment }: EffectContext) {
  const vendor = assessment ? vendorNameOfAssessment(assessment) : say('server.write-back.the-vendor');
  return { effect: 'tell-outcome' as const, effectKey, values: { assessment: invitation?.assessmentName ?? '', vendor } };
}

/** The vendor takes no such word, or an admin has taken it away since. */
function nothingTold(given: ReturnType<typeof givenOf>): EffectOutcome {
  return done({ ...given, values: { ...given.values, word: '' } });
}

async function readStanding({ db }: Services, invitationId: string): Promise<{ outcome: Outcome; word: string } | null> {
  const [row] = await db
    .select({ outcome: applications.outcome, settings: connections.settings })
    .from(invitations)
    .innerJoin(applications, eq(applications.key, invitations.applicationKey))
    .innerJoin(connections, eq(connections.id, invitations.vendorConnectionId))
    .where(eq(invitations.id, invitationId));
  if (!row) return null;
  const name = outcomeNameOf(row.outcome);
  return { outcome: row.outcome, word: name === null ? '' : (outcomeWordsOf(row.settings)[name] ?? '') };
}
