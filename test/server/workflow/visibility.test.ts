import { describe, expect, test } from 'vitest';
import { codesOf, Story } from '../../support/workflow-story.ts';

describe('the ATS does not show the application any more', () => {
  test('what is held is stopped, what we know stays, and it is said', () => {
    const story = new Story().enter('test');
    story.look();
    story.confirmSent();
    story.click({ assessmentId: 'assessment-data' });
    const [decision] = story.lookInVain();
    expect(decision?.reasons).toMatchObject([{ code: 'not-visible', mend: { kind: 'check-again' } }]);
    expect(story.state.invitations.map((invitation) => invitation.state)).toEqual(['sent', 'undone']);
    expect(story.state.decidedEntries).toHaveLength(1);
    expect(story.lookInVain()).toEqual([]);
  });

  test('a grace that ends then cancels nothing; seen again, it goes on', () => {
    const story = new Story().enter('test');
    story.look();
    story.confirmSent();
    story.enter('onsite').look();
    story.lookInVain();
    expect(story.pass(600).lookInVain()).toEqual([]);
    expect(story.effectKinds).not.toContain('cancel-invitation');
    story.look();
    expect(story.effectKinds).toContain('cancel-invitation');
  });

  test('a result still counts', () => {
    const story = new Story().enter('test');
    story.look();
    story.confirmSent();
    story.lookInVain();
    expect(codesOf([story.result()])).toEqual(['result-reported']);
    expect(story.state.vanished).toBe(true);
  });

  test('and shows it again: that is said, and it can be sent again', () => {
    const story = new Story().enter('review');
    story.look();
    story.lookInVain();
    expect(codesOf(story.look())).toEqual(['visible-again']);
    expect(story.state.vanished).toBe(false);
    expect(codesOf([story.click()])).toEqual(['send-requested']);
  });
});
