import { describe, expect, test } from 'vitest';
import { CATALOGUE_STATES } from '../../../../lib/domain/assessment.ts';
import { codesOf, makeAssessment, Story } from '../../../support/workflow-story.ts';

const UNOFFERED = CATALOGUE_STATES.filter((state) => state !== 'active');

describe('an assessment that its vendor does not offer', () => {
  test.each(UNOFFERED)('(%s) is not sent, neither by a rule nor by a click, and the reason says so', (catalogueState) => {
    const story = new Story({ policy: { assessments: [makeAssessment({ catalogueState })] } }).enter('test');
    expect(codesOf(story.look())).toContain(`not-sent-vendor-${catalogueState}`);
    expect(codesOf([story.click()])).toContain(`not-sent-vendor-${catalogueState}`);
    expect(story.state.invitations).toEqual([]);
  });

  test('any more is not sent when its hold ends', () => {
    const story = new Story();
    story.click();
    story.policy = { ...story.policy, assessments: [makeAssessment({ catalogueState: 'gone' })] };
    expect(codesOf(story.pass(11).look())).toContain('not-sent-vendor-gone');
    expect(story.effectKinds).not.toContain('send-invitation');
  });

  test.each(['active', null] as const)('or rather is, as far as is known (%s), goes out', (catalogueState) => {
    const story = new Story({ policy: { assessments: [makeAssessment({ catalogueState })] } }).enter('test');
    story.look();
    expect(story.last.state).toBe('sending');
  });
});
