import { describe, expect, test } from 'vitest';
import type { InvitationState } from '../../../lib/domain/invitation.ts';
import { type FollowUpCase, followUpsFor } from '../../../server/http/follow-ups.ts';
import { FakeVendor } from '../../support/fake-systems.ts';
import { makeSnapshot, Story } from '../../support/workflow-story.ts';

const sentOne = (() => {
  const story = new Story({ policy: { holdSeconds: 0 } });
  story.enter('test').look();
  story.confirmSent();
  return story.last;
})();
const able = new FakeVendor();
able.allow('resend', 'extend', 'giveExtraTime');
const OURS = { handover: 'our e-mail', externalId: null } as const;

const offered = (invitation: Partial<FollowUpCase['invitation']> = {}, given: Partial<FollowUpCase> = {}) =>
  followUpsFor({
    invitation: { ...sentOne, ...invitation },
    adapter: able.adapter,
    snapshot: makeSnapshot(),
    hasLink: true,
    isOpenElsewhere: false,
    ...given,
  });

describe('what can be done with an invitation that is out', () => {
  test('all of it, where the vendor can and wrote the e-mail', () => {
    expect(offered()).toEqual(['resend', 'correct-email', 'extend', 'extra-time']);
  });

  test('at a vendor that has no way, only what is ours', () => {
    const adapter = new FakeVendor().adapter;
    expect(offered({}, { adapter })).toEqual(['correct-email', 'extra-time']);
    expect(offered(OURS, { adapter })).toEqual(['resend', 'correct-email', 'extend', 'extra-time']);
    expect(offered(OURS, { adapter, hasLink: false })).not.toContain('resend');
  });

  test('nothing of what the vendor cannot do for this one, though it can for others', () => {
    const adapter = {
      operations: { ...able.adapter.operations, lacks: () => ['resend', 'extend', 'giveExtraTime'] as const },
    };
    expect(offered({}, { adapter })).toEqual(['correct-email', 'extra-time']);
  });

  test('a link that was handed over by hand is neither sent again nor bounced', () => {
    expect(offered({ ...OURS, handover: 'copy link' })).toEqual(['extend', 'extra-time']);
  });

  test.each<[InvitationState, string[]]>([
    ['held', []],
    ['sending', []],
    ['started', ['extend', 'extra-time']],
    ['submitted', []],
    ['scored', []],
    ['expired', []],
    ['cancelled', []],
    ['failed', ['correct-email']],
    ['unconfirmed', ['correct-email']],
    ['undone', []],
  ])('when it is %s: %s', (state, expected) => {
    expect(offered({ state })).toEqual(expected);
  });

  test('nothing that would reach a candidate who must not be reached', () => {
    for (const changes of [
      { status: 'archived' as const },
      { status: 'hired' as const },
      { canEmail: false },
      { anonymised: true },
    ])
      expect(offered({}, { snapshot: makeSnapshot(changes) })).toEqual(['extend', 'extra-time']);
    expect(offered({}, { snapshot: null })).toEqual(['extend', 'extra-time']);
  });

  test('nothing with the vendor off, and no second one beside another that is open', () => {
    expect(offered({}, { adapter: null })).toEqual([]);
    expect(offered({ state: 'failed' }, { isOpenElsewhere: true })).toEqual([]);
  });
});
