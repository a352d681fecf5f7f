import { describe, expect, test } from 'vitest';
import type { Invitation } from '../../../lib/domain/invitation.ts';
import { changesBetween } from '../../../server/workflow/changes-between.ts';
import type { WorkflowEvent } from '../../../server/workflow/event.ts';
import { EMPTY_STATE } from '../../../server/workflow/state.ts';

const EVENT: WorkflowEvent = { type: 'time.passed', snapshot: null, freshId: 'x' };
const INVITATION = {
  id: 'i1',
  assessmentName: 'Senior SWE',
  state: 'held',
  attempt: 1,
  email: 'ada@example.com',
  expiresAt: null,
  result: null,
} as unknown as Invitation;

describe('what a decision changed', () => {
  test('is nothing where nothing differs', () => {
    expect(changesBetween(EVENT, { before: EMPTY_STATE, after: EMPTY_STATE, effects: [] })).toEqual({ before: {}, after: {} });
  });
  test('is a new invitation, and what is now to be done', () => {
    const after = { ...EMPTY_STATE, invitations: [INVITATION] };
    const effects = [{ kind: 'send-invitation', key: 'k', invitationId: 'i1' } as never];
    expect(changesBetween(EVENT, { before: EMPTY_STATE, after, effects })).toEqual({
      before: {},
      after: {
        invitations: [{ assessment: 'Senior SWE', state: 'held', attempt: 1, email: 'ada@example.com' }],
        asked: ['send-invitation'],
      },
    });
  });
  test('is what differs of an invitation and of the outcome, and nothing else', () => {
    const before = { ...EMPTY_STATE, invitations: [INVITATION] };
    const after = {
      ...EMPTY_STATE,
      invitations: [{ ...INVITATION, state: 'sent' as const }],
      outcome: { ...EMPTY_STATE.outcome, nextStep: 'advanced' as const },
    };
    expect(changesBetween(EVENT, { before, after, effects: [] })).toEqual({
      before: { outcome: EMPTY_STATE.outcome, invitations: [{ assessment: 'Senior SWE', state: 'held' }] },
      after: { outcome: after.outcome, invitations: [{ assessment: 'Senior SWE', state: 'sent' }] },
    });
  });
});
