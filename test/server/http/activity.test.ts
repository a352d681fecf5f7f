import { describe, expect, test } from 'vitest';
import { INVITATION_STATES } from '../../../lib/domain/invitation.ts';
import en from '../../../locales/en.json' with { type: 'json' };
import { toActivityEntry } from '../../../server/http/activity-view.ts';
import { actionWords, whyWords } from '../../../server/http/activity-words.ts';
import { difference, secretsEnds } from '../../../server/http/difference.ts';
import { toCsvLine } from '../../../server/http/to-csv.ts';
import type { ActivityRow } from '../../../server/storage/activity.repository.ts';

const ROW: ActivityRow = {
  id: '7',
  seq: '7',
  at: '2026-03-01T09:00:00.123456Z',
  whoKind: 'system',
  whoId: null,
  action: 'rules.changed',
  applicationKey: null,
  connectionId: null,
  detailHash: null,
  hash: null,
  detail: null,
  memberName: null,
  whoConnectionName: null,
  connectionName: null,
  candidateName: null,
  jobName: null,
  isErased: false,
  seenBy: null,
  isFoundOpenly: true,
};

describe('an entry in words', () => {
  test('names fields as people do, lists by what tells them apart', () => {
    const before = { holdSeconds: 10, invitations: [{ assessment: 'Senior SWE', state: 'held' }], roles: [] };
    const after = {
      holdSeconds: 20,
      advanceOnPass: true,
      invitations: [{ assessment: 'Senior SWE', state: 'sent', result: { score: { value: 8, max: 10 } } }],
      asked: ['send-invitation', 'write-note'],
    };
    const entry = toActivityEntry({ ...ROW, detail: JSON.stringify({ before, after }) }, 'all');
    expect(entry.at).toBe('2026-03-01T09:00:00.123Z');
    expect(entry.changes).toEqual([
      { field: 'seconds to undo a click', before: '10', after: '20' },
      { field: 'Senior SWE state', before: 'waiting to be sent', after: 'sent' },
      { field: 'move on when passed', before: null, after: 'yes' },
      { field: 'Senior SWE result score points', before: null, after: '8' },
      { field: 'Senior SWE result score out of', before: null, after: '10' },
      { field: 'to be done next', before: null, after: 'send the invitation, write a note' },
    ]);
  });

  test('has words for everything that is asked, in which state an invitation may be, and what is noted with it', () => {
    const { field, value } = en.server.activity;
    const { failure } = en.server;
    expect(Object.keys(value.asked).toSorted()).toEqual(
      Object.keys(failure.what)
        .filter((kind) => kind !== 'other')
        .toSorted(),
    );
    expect(Object.keys(value.state).toSorted()).toEqual([...INVITATION_STATES].toSorted());
    for (const name of ['expires_at', 'is_reviewed', 'leaving', 'visible', 'next_step'])
      expect(Object.keys(field)).toContain(name);
  });

  test('reads what it has no words for as it stands, and a retry without our codes', () => {
    const detail = { after: { moonPhase: 'full', stage: 'Test' }, why: { kind: 'effect', code: 'effect-failed', checked: true } };
    const entry = toActivityEntry({ ...ROW, detail: JSON.stringify(detail) }, 'all');
    expect(entry.changes).toEqual([
      { field: 'moon phase', before: null, after: 'full' },
      { field: 'stage', before: null, after: 'Test' },
    ]);
    expect(entry.why).toEqual(['what: something that was not done', 'looked up before']);
  });

  test('says who, also when they are gone', () => {
    const whoOf = (more: Partial<ActivityRow>) => toActivityEntry({ ...ROW, ...more }, 'all').who.name;
    expect(whoOf({})).toBe('Tagalong');
    expect(whoOf({ whoKind: 'member', memberName: 'Ben' })).toBe('Ben');
    expect(whoOf({ whoKind: 'member' })).toBe('Somebody who is not known here any more');
    expect(whoOf({ whoKind: 'webhook', whoConnectionName: 'Coderbyte' })).toBe('Coderbyte, by webhook');
  });

  test('reads reasons as sentences, and what it does not know as it stands', () => {
    expect(
      whyWords([
        { code: 'stage-entered', values: {} },
        { code: 'of-a-newer-version', values: {} },
      ]),
    ).toHaveLength(1);
    expect(whyWords({ comment: 'sent by hand', times: 2, none: null })).toEqual(['sent by hand', 'times: 2']);
    expect(whyWords(undefined)).toEqual([]);
    expect(actionWords('connection.changed')).toBe('Connection changed');
    expect(actionWords('moon-phase.observed')).toBe('Moon phase observed');
  });
});

describe('what is written down of a change', () => {
  test('is what differs, and of a secret its end alone', () => {
    expect(difference({ a: 1, b: [1] }, { a: 1, b: [1] })).toBeUndefined();
    expect(difference({ a: 1, gone: 'x' }, { a: 2, fresh: 'y' })).toEqual({
      before: { a: 1, gone: 'x' },
      after: { a: 2, fresh: 'y' },
    });
    expect(secretsEnds({ apiKey: { lastFour: '9Qz7' } })).toEqual({ 'secret.apiKey': '… 9Qz7' });
  });
});

describe('a line of CSV', () => {
  test.each([
    ['=1+1', "'=1+1"],
    [' =1+1', "' =1+1"],
    ['  blank', '"  blank"'],
    ['a;=1', '"a;=1"'],
    ['+49 30', "'+49 30"],
    ['-2', "'-2"],
    ['@cmd', "'@cmd"],
    ['＝1+1', "'＝1+1"],
    ['\t=1', `"'\t=1"`],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\r\nlines', '"two\r\nlines"'],
    ['plain', 'plain'],
    ['', ''],
  ])('%j is written %j', (text, cell) => {
    expect(toCsvLine([text, 'x'])).toBe(`${cell},x\r\n`);
  });
});
