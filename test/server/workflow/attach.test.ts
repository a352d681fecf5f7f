import { describe, expect, test } from 'vitest';
import type { InvitationElsewhere } from '../../../server/workflow/state.ts';
import { BEN, codesOf, Story } from '../../support/workflow-story.ts';

type Wanted = { externalId?: string | null; email?: string };

function attach(story: Story, { externalId = 'ext-9', email = 'Ada@Mail.example' }: Wanted = {}) {
  return story.happen({
    type: 'invitation.attached',
    actionId: 'attach-1',
    invitationId: 'invitation-outside',
    by: BEN,
    assessmentId: 'assessment-swe',
    externalId,
    email,
    invitedAt: '2026-03-01T10:00:00.000Z',
    expiresAt: '2026-03-08T10:00:00.000Z',
  });
}

const elsewhere: InvitationElsewhere = {
  invitationId: 'other',
  vendorConnectionId: 'vendor-1',
  assessmentExternalId: 'swe',
  assessmentName: 'Senior SWE',
  externalId: 'ext-9',
  person: 'ada@mail.example',
  state: 'scored',
  attempt: 1,
  byName: 'Cleo',
  jobName: 'Data Engineer',
};

describe('an invitation that was made at the vendor by hand', () => {
  test('is like any other once it is attached, and nothing is sent or noted', () => {
    const story = new Story().enter('test').tag();
    story.look();
    expect(codesOf([attach(story)])).toEqual(['invitation-attached']);
    expect(story.last).toMatchObject({
      state: 'sent',
      externalId: 'ext-9',
      person: 'ada@mail.example',
      attempt: 1,
      raisedBy: BEN,
      sentAt: '2026-03-01T10:00:00.000Z',
      expiresAt: '2026-03-08T10:00:00.000Z',
    });
    expect(story.effects).toEqual([]);
    story.report('started');
    expect(story.effects).toEqual([]);
    story.result();
    expect(story.effectKinds).toEqual(['write-note']);
  });

  test('keeps us from sending a second one', () => {
    const story = new Story();
    attach(story);
    expect(codesOf([story.click()])).toEqual(['not-sent-already-open']);
  });

  test.each([
    ['the same once more', {}],
    ['without an id of the vendor', { externalId: null }],
    ['another one while the first is open', { externalId: 'ext-10' }],
  ])('is not taken in twice: %s', (_what, wanted) => {
    const story = new Story();
    attach(story);
    expect(codesOf([attach(story, wanted)])).toEqual(['not-attached-known']);
    expect(story.state.invitations).toHaveLength(1);
  });

  test('is the next attempt when the one before is closed', () => {
    const story = new Story();
    attach(story);
    story.result();
    expect(codesOf([attach(story, { externalId: 'ext-10' })])).toEqual(['invitation-attached']);
    expect(story.last.attempt).toBe(2);
  });

  test('is not taken from another application', () => {
    const story = new Story({ state: { elsewhere: [elsewhere] } });
    const told = attach(story);
    expect(codesOf([told])).toEqual(['not-attached-elsewhere']);
    expect(told.reasons[0]?.values).toMatchObject({ job: 'Data Engineer' });
    expect(codesOf([attach(story, { externalId: 'ext-10' })])).toEqual(['invitation-attached']);
  });
});
