import { expect, test } from 'vitest';
import type { Invitation } from '../../../lib/domain/invitation.ts';
import { isMistakable } from '../../../server/jobs/poll-schedule.ts';
import { Story } from '../../support/workflow-story.ts';

/** An invitation, and what of a later one of the same person to the same. */
function twice(changes: Partial<Invitation> = {}, later: Partial<Invitation> = {}): [Invitation, Invitation[]] {
  const story = new Story();
  story.click();
  const first = { ...story.last, externalId: 'ext-1', ...changes };
  return [first, [first, { ...first, id: 'later', attempt: 2, state: 'sent', ...later }]];
}

test.each([
  ['an id of the vendor’s', {}, {}, 'vendor-id', false],
  ['our id', {}, {}, 'our-id', false],
  ['no id that we were told', { externalId: null }, {}, 'vendor-id', true],
  ['assessment and address', {}, {}, 'assessment-and-email', true],
  ['assessment and address, and the other never got there', {}, { state: 'failed' }, 'assessment-and-email', false],
  ['assessment and address, and the other was taken back in time', {}, { state: 'undone' }, 'assessment-and-email', false],
  ['assessment and address, and the other came before', {}, { attempt: 0 }, 'assessment-and-email', false],
  ['assessment and address, and the other is of another test', {}, { assessmentExternalId: 'x' }, 'assessment-and-email', false],
  ['assessment and address, and the other is of somebody else', {}, { person: 'x@y.example' }, 'assessment-and-email', false],
  ['assessment and address, and the other is at another account', {}, { vendorConnectionId: 'x' }, 'assessment-and-email', false],
] as const)('two invitations told apart by %s', (_by, changes, later, correlation, expected) => {
  const [first, all] = twice(changes, later);
  expect(isMistakable(first, all, { correlation })).toBe(expected);
});
