import { and, asc, eq, inArray } from 'drizzle-orm';
import type { WriteBack } from '../../lib/contract/settings.ts';
import type { AtsField } from '../ats/operations.ts';
import type { AtsAdapter } from '../ats/port.ts';
import type { CallResult } from '../outbound/outcome.ts';
import { say } from '../say.ts';
import type { Database } from '../services.ts';
import { invitations } from '../storage/schema.ts';
import { toInvitation } from '../storage/to-invitation.ts';
import { type FieldPicture, pictureOf } from '../workflow/field-status.ts';
import { afterFailure, done, failed, systemName, withAts } from './ats-write.ts';
import { fieldValues, type ValuesToWrite } from './field-values.ts';
import { findFields } from './known-fields.ts';
import { repeatable } from './repeatable.ts';
import type { EffectContext, EffectOutcome } from './runner.ts';
import { failedBecause, failedForSure, givenOf, readWriteBack, switchedOff } from './write-back.ts';

/** Each round after the first means that the invitation changed within the time of one call. */
const ROUNDS_MAX = 5;

/**
 * Story: safe to repeat. Fields are set, and setting them again to the same changes nothing (see AtsOperations.writeFields).
 *
 * What is written is what holds when it is written, not what held when it was asked for: an effect that runs late writes the present too.
 * After writing it looks once more; if the invitation has changed meanwhile it writes again. So of two that run side by side the one
 * that writes last has seen the last change, and a later status is never left overwritten by an earlier one.
 */
export const writeFields = repeatable<'write-fields'>({
  async run(effect, context) {
    const given = givenOf(effect, context);
    return await withAts(context, given, async (adapter): Promise<EffectOutcome> => {
      const set = await readWriteBack(context);
      if (!set || (!set.writeBack.statusField && !set.writeBack.scoreField)) return switchedOff(given);
      const system = systemName(adapter);
      const write = adapter.operations.writeFields;
      if (!write) return failedBecause(given, say('server.write-back.not-possible', { system }));
      // A v1 key sees only the fields of the last hundred candidates (greenhouse-v1/fields.ts): another one may be there all the same.
      const isListPartial = set.settings.kind === 'greenhouse' && set.settings.api === 'v1';
      let written: string | null = null;
      for (let round = 0; round < ROUNDS_MAX; round += 1) {
        const picture = pictureOf(await readInvitations(context.services.db, effect.invitationId));
        if (!picture) return failedBecause(given, say('server.write-back.invitation-gone'));
        const found = await findValues(picture, set.writeBack, { adapter, context, isListPartial });
        if (!found.ok) return afterFailure(found, { ...given, system, mayHaveHappened: false });
        const { values, shown, troubles } = found.value;
        const wanted = JSON.stringify(values);
        if (wanted === written || values.length === 0) {
          if (troubles.length > 0) return failedForSure(given, troubles.join(' '));
          return done({ ...given, values: { ...given.values, fields: shown.join(', ') } });
        }
        const answer = await write(context.target, values);
        if (!answer.ok) return afterFailure(answer, { ...given, system, mayHaveHappened: false });
        written = wanted;
      }
      return { kind: 'again', afterMs: null, why: 'the invitation keeps changing', mayHaveHappened: true };
    });
  },
  giveUp: (effect, context, { why }) => failed(givenOf(effect, context), why),
});

/** All of the application, oldest first. */
async function readInvitations(db: Database, invitationId: string) {
  const own = db.select({ key: invitations.applicationKey }).from(invitations).where(eq(invitations.id, invitationId));
  const rows = await db
    .select()
    .from(invitations)
    .where(and(inArray(invitations.applicationKey, own)))
    .orderBy(asc(invitations.createdAt), asc(invitations.id));
  return rows.map(toInvitation);
}

async function findValues(
  picture: FieldPicture,
  chosen: WriteBack,
  { adapter, context, isListPartial }: { adapter: AtsAdapter; context: EffectContext; isListPartial: boolean },
): Promise<CallResult<ValuesToWrite>> {
  const system = systemName(adapter);
  const { listFields } = adapter.operations;
  if (!listFields) return { ok: false, kind: 'refused', status: 422, detail: say('server.write-back.not-possible', { system }) };
  const valuesIn = (fields: AtsField[]) =>
    fieldValues(picture, chosen, { fields, fallback: isListPartial ? asTextOfCandidate : null });
  const now = context.services.clock.now();
  const found = await findFields({ adapter, list: listFields, now }, (fields) => valuesIn(fields).troubles.length === 0);
  return found.ok ? { ok: true, value: valuesIn(found.value) } : found;
}

/** Its kind is not told. As text it is taken by text fields, and refused with a reason by others. */
function asTextOfCandidate(fieldId: string): AtsField {
  return { fieldId, name: fieldId, on: 'candidate', type: 'text', choices: [] };
}
