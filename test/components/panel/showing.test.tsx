import { act, cleanup, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ago, application, happening, invitation, panelState, result, SCREENS, showing } from './panel-states.ts';
import { renderPanel } from './render-panel.tsx';

let complaints: unknown[][] = [];
beforeEach(() => {
  complaints = [];
  for (const level of ['error', 'warn'] as const) {
    vi.spyOn(console, level).mockImplementation((...words) => {
      complaints.push(words);
    });
  }
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const named = (name: RegExp | string) => screen.getByRole('button', { name });
const primaries = () => screen.getAllByRole('button').filter((button) => button.classList.contains('bg-accent'));

describe.each(Object.keys(SCREENS) as (keyof typeof SCREENS)[])('the screen "%s"', (name) => {
  test('has every text, one primary button at most, and nothing to complain about', async () => {
    await renderPanel(SCREENS[name]);
    expect(primaries().length).toBeLessThanOrEqual(1);
    expect(complaints).toEqual([]);
    for (const button of screen.getAllByRole('button'))
      expect(button.getAttribute('aria-label') || button.textContent).not.toBe('');
  });
});

describe('the life of an invitation', () => {
  const steps = () =>
    within(screen.getByRole('list', { name: 'Progress' }))
      .getAllByRole('listitem')
      .map((each) => each.textContent);

  test('is told step by step, those to come included', async () => {
    await renderPanel(SCREENS.started);
    expect(steps()).toEqual(['Sent(done)', 'Started(done)', 'Submitted(to come)', 'Result(to come)']);
  });

  test('leaves out a step that nobody reported', async () => {
    await renderPanel(SCREENS['result-unverified']);
    expect(steps()).toEqual(['Sent(done)', 'Submitted(done)', 'Result(done)']);
  });

  test("says when a report is the vendor's word alone", async () => {
    await renderPanel(SCREENS['started-unverified']);
    expect(screen.getByText(/reported by Coderbyte, not verified/)).toBeDefined();
  });

  test('in doubt offers to send again or to say that it was sent', async () => {
    const { user, callsOf } = await renderPanel(SCREENS.unconfirmed);
    expect(screen.getByText(/Check with the vendor, or send again\.$/)).toBeDefined();
    expect(primaries()).toEqual([]);
    await user.click(named('It was sent'));
    await user.click(named('Send again'));
    expect(callsOf('markSent')).toEqual([expect.objectContaining({ invitationId: 'inv-1' })]);
    expect(callsOf('sendAgain')).toEqual([expect.objectContaining({ invitationId: 'inv-1' })]);
  });

  test('is cancelled only after saying what that does', async () => {
    const { user, callsOf } = await renderPanel(SCREENS.started);
    await user.click(named('Cancel'));
    expect(screen.getByText(/loses what was done so far/)).toBeDefined();
    expect(callsOf('cancelInvitation')).toHaveLength(0);
    await user.click(named('Cancel invitation'));
    expect(callsOf('cancelInvitation')).toEqual([expect.objectContaining({ invitationId: 'inv-1' })]);
  });

  test('shows the personal link after a click, never before', async () => {
    const { user, callsOf } = await renderPanel(SCREENS['link-vendor']);
    expect(callsOf('copyLink')).toHaveLength(0);
    await user.click(named('Copy link'));
    const field = await screen.findByRole('textbox', { name: /personal link/ });
    expect(field).toHaveProperty('value', 'https://byteboard.dev/take/abc');
  });

  test('folds earlier attempts away', async () => {
    const { user } = await renderPanel(SCREENS['right-to-left']);
    await user.click(named('Earlier attempts (1)'));
    expect(screen.getByText('attempt 1')).toBeDefined();
  });
});

describe('a result', () => {
  test('shows score with maximum, mark, breakdown and integrity in words', async () => {
    await renderPanel(SCREENS.result);
    expect(screen.getByText('80 / 100')).toBeDefined();
    expect(screen.getByText('Passed')).toBeDefined();
    expect(screen.getByText('(mark 70%)')).toBeDefined();
    expect(screen.getByRole('meter', { name: 'Algorithms' }).getAttribute('aria-valuetext')).toBe('9 / 10');
    expect(screen.getByText('Integrity: nothing flagged')).toBeDefined();
  });

  test('shows a reviewer’s comment as theirs and as text, and says of a thumb that it is only told', async () => {
    const told = result({ verdict: 'up', claimedVerdict: true, comment: '<b>Knows her joins</b>', enteredBy: 'Ben' });
    await renderPanel(showing({ invitations: [invitation({ vendorName: 'Growhire', state: 'scored', result: told })] }));
    const comment = screen.getByRole('figure');
    expect(within(comment).getByText('A reviewer at Growhire')).toBeDefined();
    expect(within(comment).getByText('<b>Knows her joins</b>')).toBeDefined();
    expect(screen.getByText(/recommended, reported by Growhire, not verified/)).toBeDefined();
  });

  test('without a maximum has no percentage and no bar', async () => {
    const scored = result({
      score: { value: 412, max: null },
      percent: null,
      breakdown: [{ kind: 'task', name: 'One', score: { value: 3, max: null }, rating: null }],
    });
    await renderPanel(showing({ invitations: [invitation({ state: 'scored', result: scored })] }));
    expect(screen.getByText('412 points')).toBeDefined();
    expect(screen.queryByRole('meter')).toBeNull();
    expect(screen.getByText('(mark 70)')).toBeDefined();
  });

  test('that is flagged says what for and leaves the decision to a person', async () => {
    await renderPanel(SCREENS['result-flagged']);
    expect(screen.getByText('Integrity: flagged for review')).toBeDefined();
    expect(screen.getByText('Left the tab 14 times')).toBeDefined();
    expect(screen.getByText('Not passed')).toBeDefined();
  });

  test('links to the report in a tab that learns nothing of this page', async () => {
    await renderPanel(SCREENS.result);
    const link = screen.getByRole('link', { name: /Open report/ });
    expect(link.getAttribute('rel')).toBe('noopener noreferrer');
  });

  test.each(['http://coderbyte.com/r', 'javascript:alert(1)', 'nonsense'])('never links to %s', async (reportUrl) => {
    await renderPanel(showing({ invitations: [invitation({ state: 'scored', result: result({ reportUrl }) })] }));
    expect(screen.queryByRole('link')).toBeNull();
  });

  test('that is passed makes "Move ... to Onsite" the next thing where the page may swap the person in place', async () => {
    await renderPanel({ ...SCREENS.result, isHint: true });
    expect(primaries()).toEqual([named('Move Ada Lovelace to Onsite')]);
  });

  test('that is passed makes "Move to Onsite" the next thing', async () => {
    const { user, callsOf } = await renderPanel(SCREENS.result);
    expect(primaries()).toEqual([named('Move to Onsite')]);
    await user.click(named('Move to Onsite'));
    expect(callsOf('move')).toEqual([expect.objectContaining({ toStageId: 'onsite', applicationKey: 'lever:opp-1' })]);
  });

  test('of a vendor that reports nothing is entered by hand', async () => {
    const { user, callsOf } = await renderPanel(SCREENS['link-vendor']);
    await user.click(named('Enter result'));
    await user.click(named('Save result'));
    expect(screen.getByRole('alert').textContent).toBe('Enter a rating, a score or a verdict.');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Rating' }), 'Leaning Strong');
    await user.click(named('Add a skill'));
    await user.type(screen.getByRole('textbox', { name: 'Skill' }), 'Testing');
    await user.selectOptions(screen.getByRole('combobox', { name: 'Rating of this skill' }), 'Strong');
    await user.click(named('Save result'));
    expect(callsOf('enterResult')).toEqual([
      expect.objectContaining({
        invitationId: 'inv-1',
        rating: 'Leaning Strong',
        score: null,
        skills: [{ name: 'Testing', rating: 'Strong' }],
      }),
    ]);
  });
});

describe('what happened', () => {
  test('is told newest first, five lines, the rest on a click', async () => {
    const { user } = await renderPanel(SCREENS.full);
    const lines = () => within(screen.getByRole('region', { name: 'What happened' })).getAllByRole('listitem');
    expect(lines()).toHaveLength(5);
    expect(lines()[0]?.textContent).toContain('Line 9');
    await user.click(named('All 9'));
    expect(lines()).toHaveLength(9);
  });

  test('sends a recruiter to an admin where only an admin can mend it', async () => {
    const mend = { kind: 'open-settings', section: 'vendors' } as const;
    await renderPanel(showing({ happenings: [happening({ mend })] }));
    expect(screen.getByText('Ask an admin to mend it in the settings.')).toBeDefined();
    cleanup();
    const { user, callsOf } = await renderPanel(
      showing({ happenings: [happening({ mend })], may: { send: true, administer: true } }),
    );
    await user.click(named('Open vendor settings'));
    expect(callsOf('openOptions')).toEqual([{ section: 'vendors' }]);
  });
});

describe('fresh data', () => {
  test('of an older version is dropped, of a newer one shown', async () => {
    const { emit } = await renderPanel(showing({ version: 5, stageName: 'Assessment' }));
    act(() => emit({ type: 'state', state: showing({ version: 4, stageName: 'Applied' }) }));
    expect(screen.queryByText('Applied stage')).toBeNull();
    act(() => emit({ type: 'state', state: showing({ version: 6, stageName: 'Onsite' }) }));
    expect(screen.getByText('Onsite stage')).toBeDefined();
  });

  test('that brings the invitation on its way is said aloud', async () => {
    const { emit } = await renderPanel(SCREENS.sending);
    act(() => emit({ type: 'state', state: showing({ version: 2, invitations: [invitation()] }) }));
    expect(screen.getByRole('status').textContent).toBe('Invitation sent');
  });

  test('about another candidate says nothing of the one before', async () => {
    const { emit } = await renderPanel(SCREENS.sending);
    act(() =>
      emit({ type: 'state', state: panelState({ view: application({ key: 'lever:opp-2', invitations: [invitation()] }) }) }),
    );
    expect(screen.getByRole('status').textContent).toBe('');
  });

  test('that could not be had leaves the last known copy with its time', async () => {
    const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' }).format(Date.parse(ago(37)));
    await renderPanel({ ...SCREENS.offline });
    const isToday = new Date(ago(37)).toDateString() === new Date(ago(0)).toDateString();
    if (isToday) expect(screen.getByText(`Offline: showing ${clock}`)).toBeDefined();
    expect(screen.getByRole('heading', { name: 'Ada Lovelace' })).toBeDefined();
  });
});

describe('a page about a person with several applications', () => {
  test('asks which one is meant, and offers the way back', async () => {
    const { user, callsOf, chosen, emit } = await renderPanel(SCREENS.chooser);
    expect(['Backend Engineer', 'Engineering Manager', 'No job'].map((job) => named(new RegExp(job)).textContent)).toEqual([
      'Backend EngineerAssessment',
      'Engineering Manager, Payments and Ledger PlatformPhone screen · Archived',
      'No jobProspect',
    ]);
    await user.click(named(/Backend Engineer/));
    expect(chosen).toEqual(['1']);
    expect(callsOf('getPanelState')).toContainEqual({ chosenApplicationId: '1' });
    act(() => emit({ type: 'state', state: { ...SCREENS['ready-person'] } }));
    expect(named('Send to Ada')).toBeDefined();
    await user.click(named('Other applications'));
    expect(named(/Engineering Manager/)).toBeDefined();
  });
});

describe('without a server', () => {
  test('the panel offers to connect', async () => {
    const { user, callsOf } = await renderPanel(SCREENS['not-connected']);
    await user.click(named('Connect'));
    expect(callsOf('openOptions')).toEqual([{}]);
  });

  test('a revoked browser is told so', async () => {
    await renderPanel(SCREENS.revoked);
    expect(screen.getByRole('heading', { name: 'Access was revoked' })).toBeDefined();
  });
});

test('a page that names two candidates is told to the recruiter, and offers nothing to click', async () => {
  await renderPanel(SCREENS.contradiction);
  expect(screen.getByRole('heading', { name: 'This page names two candidates' })).toBeDefined();
  expect(primaries()).toEqual([]);
});
