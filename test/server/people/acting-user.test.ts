import { describe, expect, it } from 'vitest';
import type { RaisedBy } from '../../../lib/domain/invitation.ts';
import { raiserOf } from '../../../server/people/acting-user.ts';

const ben: RaisedBy = { kind: 'member', memberId: 'ben', name: 'Ben' };
const rule: RaisedBy = { kind: 'rule', rule: 'send-on-stage-entry', stage: 'Assessment' };
const vendor: RaisedBy = { kind: 'vendor', vendor: 'Coderbyte' };
const sentNote = { kind: 'write-note' as const, note: { about: 'invitation-sent' } };
const resultNote = { kind: 'write-note' as const, note: { about: 'result' } };
const tag = { kind: 'add-tag' as const };
const move = { kind: 'move-to-stage' as const };
const change = { kind: 'change-application' as const };

describe('whose click an effect carries out', () => {
  it.each([
    ['the tag of a send that was held back for a while', tag, { event: 'time.passed', raisedBy: null }, ben, 'ben'],
    ['the note that follows from sending', sentNote, { event: 'invitation.sent', raisedBy: null }, ben, 'ben'],
    ['the note after a rule has sent', sentNote, { event: 'invitation.sent', raisedBy: null }, rule, null],
    ['a tag alone', tag, { event: 'tag.requested', raisedBy: ben }, null, 'ben'],
    ['a move by a click', move, { event: 'move.requested', raisedBy: ben }, null, 'ben'],
    ['a rejection, a hire or the like', change, { event: 'change.requested', raisedBy: ben }, null, 'ben'],
    ['a move by the rule, on an invitation that somebody sent', move, { event: 'result.reported', raisedBy: vendor }, ben, null],
    ['a move by the rule, on a result that somebody entered', move, { event: 'result.reported', raisedBy: ben }, ben, null],
    ['the note of a result that somebody entered', resultNote, { event: 'result.reported', raisedBy: ben }, rule, 'ben'],
    ['the note of a result that the vendor reported', resultNote, { event: 'result.reported', raisedBy: vendor }, ben, null],
    ['an effect whose decision is not known', move, null, ben, null],
  ] as const)('%s', (_, effect, decision, by, memberId) => {
    expect(raiserOf(effect, { decision, invitation: by && { raisedBy: by } })).toBe(memberId);
  });
});
