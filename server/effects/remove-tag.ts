import { afterFailure, done, failed, systemName, withAts } from './ats-write.ts';
import { repeatable } from './repeatable.ts';

/** Story: safe to repeat. Removing a tag that is gone changes nothing (see AtsAdapter.removeTag). */
export const removeTag = repeatable<'remove-tag'>({
  async run(effect, context) {
    const given = { effect: 'remove-tag' as const, effectKey: effect.key, values: { tag: effect.tag, by: 'Tagalong' } };
    return await withAts(context, given, async (adapter) => {
      const removed = await adapter.removeTag(context.target, effect.tag);
      return removed.ok ? done(given) : afterFailure(removed, { ...given, system: systemName(adapter), mayHaveHappened: false });
    });
  },
  giveUp: (effect, _context, { why }) =>
    failed({ effect: 'remove-tag', effectKey: effect.key, values: { tag: effect.tag } }, why),
});
