import { afterFailure, done, failed, systemName, withAts } from './ats-write.ts';
import { repeatable } from './repeatable.ts';

/** Story: safe to repeat. A tag that is there already stays as it is, in both ATSs (see AtsAdapter.addTag). */
export const addTag = repeatable<'add-tag'>({
  async run(effect, context) {
    const given = { effect: 'add-tag' as const, effectKey: effect.key, values: { tag: effect.tag } };
    return await withAts(context, given, async (adapter) => {
      const added = await adapter.addTag(context.target, effect.tag);
      return added.ok ? done(given) : afterFailure(added, { ...given, system: systemName(adapter), mayHaveHappened: false });
    });
  },
  giveUp: (effect, _context, { why }) => failed({ effect: 'add-tag', effectKey: effect.key, values: { tag: effect.tag } }, why),
});
