import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Traces } from '../../../server/erasure/find-traces.ts';
import { goneThere } from '../../../server/erasure/gone-there.ts';
import { listOutside, type OutsideFacts } from '../../../server/erasure/list-outside.ts';
import { standingAtVendor, type VendorFacts } from '../../../server/erasure/standing-at-vendor.ts';

type Asked = Traces['asked'][number];
type Invited = Traces['invited'][number];

const VENDOR = 'vendor-1';
const invited = (changes: Partial<Invited> = {}): Invited => ({
  id: randomUUID(),
  applicationKey: 'key',
  vendorConnectionId: VENDOR,
  assessmentId: 'assessment',
  assessmentExternalId: 'x-1',
  assessmentName: 'Senior SWE',
  tag: 'Senior SWE',
  person: 'ada@mail.example',
  email: 'ada@mail.example',
  attempt: 1,
  state: 'sent',
  raisedBy: { kind: 'member', memberId: 'ben', name: 'Ben' },
  stageEntryKey: null,
  dueAt: null,
  createdAt: new Date(0),
  sentAt: null,
  startedAt: null,
  submittedAt: null,
  closedAt: null,
  expiresAt: null,
  externalId: null,
  unverified: false,
  handover: 'vendor e-mail',
  options: {},
  trouble: null,
  result: null,
  sealedLink: null,
  pollDueAt: null,
  polls: 0,
  remindedAt: [],
  review: null,
  version: 0,
  ...changes,
});
const asked = (kind: Asked['kind'], state: Asked['state'] = 'done', changes: Partial<Asked> = {}): Asked => ({
  id: randomUUID(),
  key: 'effect',
  kind,
  applicationKey: 'key',
  invitationId: null,
  effect: { kind: 'add-tag', key: 'effect', tag: 'Senior SWE', invitationId: null },
  state,
  attempts: state === 'queued' ? 0 : 1,
  error: null,
  made: null,
  createdAt: new Date(0),
  startedAt: null,
  runAfter: null,
  finishedAt: null,
  ...changes,
});
const API: VendorFacts = { name: 'Coderbyte', cancels: true, makes: true };
const FACTS: OutsideFacts = {
  ...{ atsName: 'Greenhouse', isAtsRemoved: false, goneThere: new Set() },
  ...{ vendors: new Map([[VENDOR, { ...API, isRemoved: false }]]), underWay: 0 },
};
const list = (traces: Partial<Pick<Traces, 'asked' | 'invited'>>, facts: Partial<OutsideFacts> = {}) =>
  Object.fromEntries(
    listOutside({ asked: [], invited: [], ...traces }, { ...FACTS, ...facts }).map(({ code, values }) => [
      code,
      values.count ?? '',
    ]),
  );

describe('what went with a deletion in the ATS', () => {
  const deleted = { askedBy: 'ats-deleted' } as const;
  const writes = [
    asked('write-note'),
    asked('add-tag'),
    asked('attach-report'),
    asked('write-fields'),
    asked('add-link'),
    asked('write-feedback'),
  ];

  test('Greenhouse: everything with the person, nothing with one application', () => {
    const withPerson = goneThere('greenhouse', deleted, { goneCandidateIds: ['c-1'] });
    expect(list({ asked: writes }, { goneThere: withPerson })).toEqual({ 'ats-gone': '6', backups: '' });
    const withApplication = goneThere('greenhouse', deleted, { goneCandidateIds: [] });
    expect(list({ asked: writes }, { goneThere: withApplication })).toEqual({
      ...{ 'ats-notes': '1', 'ats-tags': '1', 'ats-fields': '1', 'ats-links': '1', 'ats-reports': '1', 'ats-feedback': '1' },
      backups: '',
    });
  });

  test('Lever: everything with the opportunity, but for links, which the contact has', () => {
    const gone = goneThere('lever', deleted, { goneCandidateIds: [] });
    expect(list({ asked: writes }, { goneThere: gone })).toEqual({ 'ats-gone': '5', 'ats-links': '1', backups: '' });
  });

  test('nothing with what was not deleted there', () => {
    for (const askedBy of ['admin', 'ats-anonymised'] as const)
      for (const ats of ['greenhouse', 'lever'] as const)
        expect([...goneThere(ats, { askedBy }, { goneCandidateIds: ['c-1'] })]).toEqual([]);
  });
});

describe('what may have happened', () => {
  test('is listed while its lost answer waits to be looked for, and that nobody knows is said', () => {
    const writes = [asked('write-note'), asked('write-note', 'calling'), asked('add-tag', 'unconfirmed')];
    expect(list({ asked: writes })).toEqual({ 'ats-notes': '2', 'ats-tags': '1', perhaps: '2', backups: '' });
    expect(list({ asked: [asked('call-hook', 'calling')] })).toEqual({ hooks: '1', perhaps: '1', backups: '' });
  });

  test('what surely did not happen is not, and of what was answered nothing is in doubt', () => {
    expect(list({ asked: [asked('write-note', 'failed'), asked('write-note', 'queued')] })).toEqual({ backups: '' });
    expect(list({ asked: [asked('write-note')] })).toEqual({ 'ats-notes': '1', backups: '' });
  });
});

describe('e-mails to the candidate', () => {
  const ours = invited({ state: 'cancelled', handover: 'our e-mail' });
  const theirs = invited({ state: 'cancelled' });
  const mail = (kind: Asked['kind'], { id: invitationId }: Invited, state: Asked['state'] = 'done') =>
    asked(kind, state, { invitationId });
  const mailsOf = (...effects: Asked[]) => {
    const { mails, perhaps } = list({ asked: effects, invited: [ours, theirs] });
    return { mails, perhaps };
  };

  test('are those that we sent: invitations, also once more, and reminders', () => {
    const all = (['send-invitation', 'resend-invitation', 'remind-candidate'] as const).flatMap((kind) => [
      mail(kind, ours),
      mail(kind, theirs),
    ]);
    // A reminder is ours whoever sent the invitation.
    expect(mailsOf(...all)).toEqual({ mails: '4', perhaps: undefined });
  });

  test('also those that may have gone out', () => {
    for (const kind of ['send-invitation', 'resend-invitation', 'remind-candidate'] as const)
      for (const state of ['unconfirmed', 'calling'] as const)
        expect(mailsOf(mail(kind, ours, state)), `${kind} ${state}`).toEqual({ mails: '1', perhaps: '1' });
    expect(mailsOf(mail('resend-invitation', ours, 'failed'))).toEqual({ mails: undefined, perhaps: undefined });
  });
});

describe('an invitation at its vendor', () => {
  const standing = (row: Partial<Invited>, effects: Partial<Asked>[] = [], vendor: Partial<VendorFacts> = {}) => {
    const invitation = invited(row);
    const own = effects.map((changes) => asked('send-invitation', 'failed', { invitationId: invitation.id, ...changes }));
    return standingAtVendor(invitation, own, { ...API, ...vendor });
  };

  test('that failed may be open there, where the vendor makes it and it was tried', () => {
    expect(standing({ state: 'failed' }, [{}])).toBe('vendor-perhaps');
    expect(standing({ state: 'failed' }, [{}], { makes: false })).toBeNull();
    expect(standing({ state: 'failed' }, [{ attempts: 0 }])).toBeNull();
    expect(standing({ state: 'failed' }, [{ invitationId: 'of another' }])).toBeNull();
  });

  test('that failed and was sent to a corrected address may be, too; one that was undone in time is not', () => {
    expect(standing({ state: 'undone' }, [{}])).toBe('vendor-perhaps');
    expect(standing({ state: 'undone' })).toBeNull();
    expect(standing({ state: 'held' })).toBeNull();
  });

  test('whose turn to be sent never came is not there', () => {
    expect(standing({ state: 'sending' }, [{ attempts: 0 }])).toBeNull();
    expect(standing({ state: 'sending' }, [{}])).toBe('vendor-open');
  });

  test('counts as cancelled there only if it was', () => {
    const cancel = { kind: 'cancel-invitation' } as const;
    expect(standing({ state: 'cancelled' }, [{ ...cancel, state: 'done' }])).toBe('vendor-cancelled');
    expect(standing({ state: 'cancelled' }, [{ ...cancel, state: 'done' }], { cancels: false })).toBe('vendor-open');
    // Another took its place, and the vendor would not take it back.
    expect(standing({ state: 'cancelled' }, [{ ...cancel, state: 'failed' }])).toBe('vendor-open');
    // By the vendor itself.
    expect(standing({ state: 'cancelled' })).toBe('vendor-cancelled');
  });
});

test('the sentence about a failed invitation is told by vendor', () => {
  const failed = invited({ state: 'failed' });
  const tried = asked('send-invitation', 'failed', { invitationId: failed.id });
  const told = listOutside({ asked: [tried], invited: [failed] }, FACTS);
  expect(told).toEqual([
    { code: 'vendor-perhaps', values: { vendor: 'Coderbyte', count: '1' } },
    { code: 'backups', values: {} },
  ]);
});
