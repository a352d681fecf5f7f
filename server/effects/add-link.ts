import { say } from '../say.ts';
import { findReportHosts } from '../vendors/report-hosts.ts';
import { toPublicLink } from '../vendors/to-public-link.ts';
import { afterFailure, done, failed, systemName, withAts } from './ats-write.ts';
import { repeatable } from './repeatable.ts';
import type { EffectContext } from './runner.ts';
import { failedBecause, givenOf, readWriteBack, switchedOff } from './write-back.ts';

/**
 * Story: safe to repeat. A link that is there already stays as it is (see AtsOperations.addLink).
 *
 * Everybody who may see the person at the ATS can open it, and it stays: only https, only the vendor's own hosts, and never one that
 * opens the report without signing in.
 */
export const addLink = repeatable<'add-link'>({
  async run(effect, context) {
    const given = givenOf(effect, context);
    return await withAts(context, given, async (adapter) => {
      const set = await readWriteBack(context);
      if (!set?.writeBack.reportLink) return switchedOff(given);
      const system = systemName(adapter);
      const { addLink: add } = adapter.operations;
      if (!add) return failedBecause(given, say('server.write-back.not-possible', { system }));
      const reportUrl = context.invitation?.result?.reportUrl ?? null;
      const link = toPublicLink(reportUrl, await hostsOf(context));
      if (link === null) return failedBecause(given, say('server.write-back.link-not-safe'));
      const added = await add(context.target, link);
      return added.ok ? done(given) : afterFailure(added, { ...given, system, mayHaveHappened: false });
    });
  },
  giveUp: (effect, context, { why }) => failed(givenOf(effect, context), why),
});

async function hostsOf({ services: { db }, invitation, assessment }: EffectContext): Promise<string[]> {
  if (!invitation) return [];
  return await findReportHosts(db, invitation.vendorConnectionId, assessment?.linkTemplate ?? null);
}
