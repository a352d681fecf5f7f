import { expect, it } from 'vitest';
import { canHandOver, newAssessment, withPossibleHandover } from '../../../components/admin/assessment-values.ts';
import { type ConnectionView, connectionSettingsSchema } from '../../../lib/contract/settings.ts';

const CODESIGNAL = connectionOf({ kind: 'codesignal' });
const MAP = { baseUrl: 'https://api.coderbyte.example', endpoints: { invite: { method: 'POST', path: '/invite' } } };
const CODERBYTE = connectionOf({ kind: 'coderbyte', map: MAP });

function connectionOf(given: { kind: ConnectionView['kind']; map?: object }): ConnectionView {
  const settings = connectionSettingsSchema.parse(given);
  return { id: 'c', kind: given.kind, settings } as ConnectionView;
}

it.each([
  ['a live interview of CodeSignal', CODESIGNAL, { kind: 'live interview', linkTemplate: '' }, false],
  ['a test of CodeSignal', CODESIGNAL, { kind: 'test', linkTemplate: '' }, true],
  [
    'a live interview of Coderbyte that goes out as a link',
    CODERBYTE,
    { kind: 'live interview', linkTemplate: 'https://c' },
    false,
  ],
  ['a live interview of Coderbyte through its API', CODERBYTE, { kind: 'live interview', linkTemplate: '' }, true],
])("the vendor's e-mail is offered for what it writes one for: %s", (_what, vendor, values, isOffered) => {
  expect(canHandOver(vendor, values, 'vendor e-mail')).toBe(isOffered);
  expect(canHandOver(vendor, values, 'our e-mail')).toBe(true);
});

it('choosing a live interview takes the e-mail with it that nobody would write', () => {
  const values = newAssessment(CODESIGNAL);
  expect(values.handover).toBe('vendor e-mail');
  expect(withPossibleHandover(CODESIGNAL, values, { kind: 'live interview' }).handover).toBe('our e-mail');
  expect(withPossibleHandover(CODESIGNAL, values, { name: 'SWE' })).toEqual({ name: 'SWE' });
});
