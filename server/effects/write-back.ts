import { eq } from 'drizzle-orm';
import { type ConnectionSettings, type WriteBack, writeBackOf } from '../../lib/contract/settings.ts';
import { ATS_NAMES } from '../../lib/domain/ats.ts';
import { say } from '../say.ts';
import { connections } from '../storage/schema.ts';
import type { WriteBackEffect } from '../workflow/effect.ts';
import { failed } from './ats-write.ts';
import type { EffectContext, EffectOutcome } from './runner.ts';

/** What a report about one of these effects tells; `detail` and the like come on top. */
export interface WriteBackGiven {
  effect: WriteBackEffect['kind'];
  effectKey: string;
  values: { ats: string; assessment: string };
}

export function givenOf(
  { kind, key }: WriteBackEffect,
  { snapshot, invitation }: Pick<EffectContext, 'snapshot' | 'invitation'>,
): WriteBackGiven {
  // The ATS is known from the first look at the application on, which comes before anything is sent.
  const ats = snapshot ? ATS_NAMES[snapshot.ats] : '';
  return { effect: kind, effectKey: key, values: { ats, assessment: invitation?.assessmentName ?? '' } };
}

/** What the connection is set to write, as of now: it may have been changed or switched off since this was asked for. */
export async function readWriteBack({
  services: { db },
  connectionId,
}: Pick<EffectContext, 'services' | 'connectionId'>): Promise<{ settings: ConnectionSettings; writeBack: WriteBack } | null> {
  const [row] = await db.select({ settings: connections.settings }).from(connections).where(eq(connections.id, connectionId));
  return row ? { settings: row.settings, writeBack: writeBackOf(row.settings) } : null;
}

/** For good, for a reason of our own. `mayHaveHappened`: by an earlier run, which was not looked for. */
export function failedBecause(given: WriteBackGiven, why: string, mayHaveHappened = false): EffectOutcome {
  return { kind: mayHaveHappened ? 'unconfirmed' : 'failed', report: failed(given, why, mayHaveHappened), why };
}

/** The same, whatever an earlier run did of which nobody heard. */
export function failedForSure(given: WriteBackGiven, why: string): EffectOutcome {
  return { kind: 'failed', report: failed(given, why), why, certain: true };
}

export function switchedOff(given: WriteBackGiven, mayHaveHappened = false): EffectOutcome {
  return failedBecause(given, say('server.write-back.switched-off'), mayHaveHappened);
}

export function unconfirmed(given: WriteBackGiven): EffectOutcome {
  const why = say('server.write-back.cannot-look', { system: given.values.ats });
  return { kind: 'unconfirmed', report: failed(given, why, true), why };
}
