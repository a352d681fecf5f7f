import '../install-catalogue.ts';

import { describe, expect, test } from 'vitest';
import { draftProblems, EMPTY_DRAFT, toEnteredResult } from '../../../components/panel/entered-result.ts';
import { lifeSteps } from '../../../components/panel/life-steps.ts';
import { newerState, withAnswer } from '../../../components/panel/newer-state.ts';
import { primaryAction } from '../../../components/panel/primary-action.ts';
import { percentText, scoreText } from '../../../components/panel/score-text.ts';
import { addressOf, sendProblems, toDays } from '../../../components/panel/send-draft.ts';
import { secondsUntil, serverLeadMs } from '../../../components/panel/server-time.ts';
import { firstChoice, sortChoices } from '../../../components/panel/sort-choices.ts';
import { sortInvitations } from '../../../components/panel/sort-invitations.ts';
import { tabStatus } from '../../../components/panel/tab-status.ts';
import type { PanelState } from '../../../lib/contract/messages.ts';
import { INVITATION_STATES } from '../../../lib/domain/invitation.ts';
import { ago, application, CHOICES, choice, invitation, NOW, panelState, result, SCREENS, showing } from './panel-states.ts';

describe('which view is shown of two', () => {
  const older = panelState({ view: application({ version: 3 }), viewAt: ago(5) });

  test('the newer one of the same application, with its own time', () => {
    const late = panelState({ view: application({ version: 2 }), viewAt: ago(1), link: 'offline' });
    expect(newerState(older, late)).toMatchObject({ link: 'offline', viewAt: ago(5), view: { version: 3 } });
  });

  test('the next one of another application, whatever its version', () => {
    const next = panelState({ view: application({ key: 'lever:opp-2', version: 1 }) });
    expect(newerState(older, next)).toBe(next);
  });

  test('is not taken away by a late "wait" about the same page, but by one about another page', () => {
    const waiting: PanelState = { ...SCREENS.ready, link: 'connecting', view: null, viewAt: null };
    expect(newerState(SCREENS.ready, waiting)).toBe(SCREENS.ready);
    const elsewhere: PanelState = {
      ...waiting,
      page: { ats: 'lever', host: 'hire.lever.co', kind: 'application', applicationId: 'somebody-else' },
    };
    expect(newerState(SCREENS.ready, elsewhere)).toBe(elsewhere);
  });

  test('never an answer about a candidate who is not shown any more', () => {
    expect(withAnswer(older, application({ key: 'lever:opp-9', version: 9 }), ago(0))).toBe(older);
  });
});

describe('the steps of an invitation', () => {
  const names = (...args: Parameters<typeof lifeSteps>) => lifeSteps(...args).map((step) => step.name);

  test('show what is to come only while it can come', () => {
    expect(names(invitation())).toEqual(['sent', 'started', 'submitted', 'result']);
    expect(names(invitation({ state: 'expired' }))).toEqual(['sent']);
    expect(names(invitation({ state: 'failed', sentAt: null }))).toEqual([]);
  });

  test('promise no "started" where a person enters the result', () => {
    expect(names(invitation({ actions: ['enter-result'] }))).toEqual(['sent', 'result']);
  });

  test('call a link that the recruiter hands over "ready", not "sent"', () => {
    expect(names(invitation({ handover: 'copy link' }))[0]).toBe('linkReady');
  });

  test('are never done before the invitation is out', () => {
    const early = ['held', 'sending', 'unconfirmed', 'failed', 'undone'] as const;
    for (const state of early) expect(lifeSteps(invitation({ state, sentAt: null })).some((step) => step.isDone)).toBe(false);
  });
});

describe('the picker', () => {
  test('leads with the default, then tagged, recent and other ones; unusable ones come last', () => {
    const choices = [
      choice({ id: 'a', name: 'A', unusableBecause: 'off', recentlyUsed: true }),
      choice({ id: 'b', name: 'B' }),
      choice({ id: 'c', name: 'C', recentlyUsed: true }),
      choice({ id: 'd', name: 'D', onCandidate: true }),
      choice({ id: 'e', name: 'E' }),
    ];
    expect(sortChoices(choices, 'e').map((each) => each.id)).toEqual(['e', 'd', 'c', 'b', 'a']);
  });

  test('starts with the one tag of the candidate, else the default, and with nothing when there are two tags', () => {
    const tagged = (...ids: string[]) => CHOICES.map((each) => ({ ...each, onCandidate: ids.includes(each.id) }));
    expect(firstChoice(tagged('data'), 'senior')).toBe('data');
    expect(firstChoice(tagged(), 'senior')).toBe('senior');
    expect(firstChoice(tagged('data', 'byte'), 'senior')).toBeNull();
    expect(firstChoice(tagged(), 'old')).toBeNull();
  });
});

describe('the invitations', () => {
  test('are the open ones and the newest of each assessment; undone ones are told elsewhere', () => {
    const all = [
      invitation({ id: 'old', state: 'expired', createdAt: ago(900) }),
      invitation({ id: 'new', state: 'sent', createdAt: ago(9) }),
      invitation({ id: 'other', assessmentId: 'data', state: 'scored', createdAt: ago(500) }),
      invitation({ id: 'undone', state: 'undone', createdAt: ago(1) }),
    ];
    const { current, earlier } = sortInvitations(all);
    expect(current.map((each) => each.id)).toEqual(['new', 'other']);
    expect(earlier.map((each) => each.id)).toEqual(['old']);
  });
});

describe('the one primary action', () => {
  const held = invitation({ id: 'held', state: 'held', actions: ['undo'] });
  const passed = invitation({ id: 'passed', state: 'scored', result: result() });
  const view = application({ moveTarget: { stageId: 's', name: 'Onsite' } });

  test('is the way back before anything else, then the open form, then the move', () => {
    expect(primaryAction({ view, invitations: [passed, held], isFormOpen: true })).toEqual({
      kind: 'undo',
      invitationId: 'held',
    });
    expect(primaryAction({ view, invitations: [passed], isFormOpen: true })).toEqual({ kind: 'send' });
    expect(primaryAction({ view, invitations: [passed], isFormOpen: false })).toEqual({ kind: 'move' });
  });

  test('is never a move after a result that was not passed', () => {
    const failed = invitation({ state: 'scored', result: result({ passed: false }) });
    expect(primaryAction({ view, invitations: [failed], isFormOpen: false })).toBeNull();
  });

  test.each([
    ['active', { kind: 'send' }],
    ['prospect', { kind: 'send' }],
    ['archived', null],
    ['hired', null],
  ] as const)('of somebody who is %s, with the form open', (status, expected) => {
    expect(primaryAction({ view: application({ status }), invitations: [], isFormOpen: true })).toEqual(expected);
  });

  test('takes no side when it is not known whether the invitation went out', () => {
    const doubtful = invitation({ state: 'unconfirmed', actions: ['send-again', 'mark-sent'] });
    expect(primaryAction({ view, invitations: [doubtful], isFormOpen: false })).toBeNull();
  });
});

describe('what is typed', () => {
  test('a result needs a rating, a score or a verdict; a link needs https', () => {
    expect(draftProblems(EMPTY_DRAFT)).toEqual({ nothing: true });
    expect(draftProblems({ ...EMPTY_DRAFT, value: 'many' })).toEqual({ value: true });
    expect(draftProblems({ ...EMPTY_DRAFT, rating: 'Poor', max: '0', reportUrl: 'http://a.b' })).toEqual({
      max: true,
      reportUrl: true,
    });
    expect(draftProblems({ ...EMPTY_DRAFT, verdict: 'down' })).toEqual({});
  });

  test('a score of nought is a score, a decimal comma is a point, and a lone maximum is nothing', () => {
    expect(toEnteredResult({ ...EMPTY_DRAFT, value: '0', max: '10' }).score).toEqual({ value: 0, max: 10 });
    expect(toEnteredResult({ ...EMPTY_DRAFT, value: '7,5' }).score).toEqual({ value: 7.5, max: null });
    expect(toEnteredResult({ ...EMPTY_DRAFT, rating: 'Poor', max: '10' }).score).toBeNull();
  });

  test('an invitation needs a usable assessment, an address and whole days', () => {
    const draft = { assessmentId: 'senior', email: '', message: '', deadlineDays: '' };
    expect(sendProblems({ draft, choice: choice(), emails: ['a@b.de'] })).toEqual({});
    expect(sendProblems({ draft, choice: choice({ unusableBecause: 'off' }), emails: [] })).toEqual({
      assessment: true,
      email: true,
    });
    expect(sendProblems({ draft: { ...draft, deadlineDays: '91' }, choice: choice(), emails: ['a@b.de'] })).toEqual({
      deadlineDays: true,
    });
    expect([toDays('0'), toDays('1.5'), toDays('14'), toDays('')]).toEqual([null, null, 14, null]);
    expect(addressOf(draft, { emails: ['a@b.de'] })).toBe('a@b.de');
  });
});

describe('numbers and times', () => {
  test('a score without a maximum has no percentage', () => {
    expect(scoreText({ score: { value: 8, max: null } })).toBe('8 points');
    expect(scoreText({ score: { value: 0, max: 10 } })).toBe('0 / 10');
    expect(scoreText({ score: null })).toBeNull();
    expect(percentText(null)).toBeNull();
  });

  test('a countdown follows the server whose clock is ahead', () => {
    const lead = serverLeadMs(new Date(NOW + 60_000).toISOString(), new Date(NOW).toISOString());
    expect(lead).toBe(60_000);
    expect(secondsUntil(new Date(NOW + 69_500).toISOString(), NOW + lead)).toBe(10);
    expect(secondsUntil(new Date(NOW).toISOString(), NOW + lead)).toBe(0);
  });
});

describe('the word on the closed tab', () => {
  test('tells the newest invitation, its score once there is one', () => {
    expect(tabStatus(SCREENS.started).word).toBe('Started');
    expect(tabStatus(SCREENS.result)).toEqual({ tone: 'good', word: '80 / 100' });
    expect(tabStatus(SCREENS.rating).word).toBe('Leaning Strong');
    expect(tabStatus(SCREENS['result-flagged']).tone).toBe('warn');
  });

  test('tells what is missing before one is sent', () => {
    expect(tabStatus(SCREENS['not-connected']).word).toBe('Not connected');
    expect(tabStatus(SCREENS['no-tag']).word).toBe('No tag');
    expect(tabStatus(SCREENS.ready).word).toBe('Ready');
    expect(tabStatus(SCREENS.chooser).word).toBe('Choose application');
    expect(tabStatus(SCREENS.unavailable).word).toBe('Needs you');
    const { view } = SCREENS.unavailable;
    const excluded = view?.kind === 'unavailable' ? { ...view, code: 'role-excludes' as const } : view;
    expect(tabStatus({ ...SCREENS.unavailable, view: excluded })).toEqual({ tone: 'neutral', word: 'Not shown' });
    expect(tabStatus(SCREENS.queued).word).toBe('Saved here');
  });

  test('has a word for every state an invitation can be in', () => {
    for (const state of INVITATION_STATES) expect(tabStatus(showing({ invitations: [invitation({ state })] })).word).not.toBe('');
  });
});
