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

  test.each<[string, (story: Story) => unknown]>([
    ['after the second look for a tag was due', (story) => story.pass(30).lookInVain()],
    ['before the second look for a tag is due', (story) => story.pass(10).lookInVain()],
  ])('%s, and shows it again with the tag: it is sent', (_when, notShown) => {
    const story = new Story({ world: { tags: [] } }).enter('test');
    story.look();
    story.tag('Senior SWE');
    notShown(story);
    expect(story.lookInVain()).toEqual([]);
    const codes = [...codesOf(story.look()), ...codesOf(story.pass(20).look())];
    expect(codes).toEqual(['visible-again', 'sent-on-stage-entry']);
    expect(story.effectKinds).toEqual(['send-invitation']);
  });

  test('and shows it again elsewhere, or without a tag: the second look says why nothing was sent', () => {
    const waiting = () => {
      const story = new Story({ world: { tags: [] } }).enter('test');
      story.look();
      story.pass(30).lookInVain();
      return story;
    };
    expect(codesOf(waiting().tag('Senior SWE').enter('onsite').look())).toContain('not-sent-left-stage');
    const untagged = waiting();
    expect(codesOf(untagged.look())).toEqual(['visible-again', 'not-sent-no-tag']);
    expect(codesOf(untagged.pass(60).look())).toEqual([]);
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

describe('the ATS says itself that the application was deleted', () => {
  const remove = (story: Story) => story.happen({ type: 'application.deleted', ats: 'Greenhouse' }, null);

  test('what is held is stopped, what is out is taken back, who has started is left to a person; what we know stays', () => {
    const story = new Story().enter('test');
    story.look();
    story.confirmSent();
    const sent = story.last.id;
    story.click({ assessmentId: 'assessment-data' });
    expect(remove(story).reasons).toMatchObject([
      { code: 'application-deleted', values: { ats: 'Greenhouse' } },
      { code: 'left-cancelled' },
    ]);
    expect(story.state).toMatchObject({ deleted: true, vanished: true });
    expect(story.state.invitations.map(({ state }) => state)).toEqual(['sent', 'undone']);
    expect(story.effects.filter(({ kind }) => kind === 'cancel-invitation')).toMatchObject([{ invitationId: sent }]);
    story.happen({ type: 'invitation.cancelled', invitationId: sent, at: story.now.toISOString() });
    expect(story.state.invitations[0]?.state).toBe('cancelled');
  });

  test('one that has started is not cancelled by itself', () => {
    const story = new Story().enter('test');
    story.look();
    story.confirmSent();
    story.report('started');
    expect(codesOf([remove(story)])).toEqual(['application-deleted', 'left-started-ask']);
    expect(story.effectKinds).not.toContain('cancel-invitation');
  });

  test('one that was just being handed to the vendor is taken back as soon as it is there', () => {
    const story = new Story().enter('test');
    story.look();
    remove(story);
    expect(story.effectKinds).not.toContain('cancel-invitation');
    expect(codesOf([story.confirmSent()])).toEqual(['invitation-sent', 'left-cancelled']);
    expect(story.effects.filter(({ kind }) => kind === 'cancel-invitation')).toHaveLength(1);
    story.pass(600).lookInVain();
    expect(story.effects.filter(({ kind }) => kind === 'cancel-invitation')).toHaveLength(1);
  });

  test('and shows it all the same later: it is taken for what it shows', () => {
    const story = new Story().enter('review');
    story.look();
    remove(story);
    expect(codesOf(story.look())).toEqual(['visible-again']);
    expect(story.state).toMatchObject({ deleted: false, vanished: false });
  });
});
