import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../lib/contract/error.ts';
import en from '../../locales/en.json' with { type: 'json' };
import { say } from '../../server/say.ts';

describe('a sentence of the server', () => {
  it('has its gaps filled in', () => {
    expect(say('server.foreign-host', { host: 'evil.example' })).toContain('the name evil.example.');
  });

  it('does not fill in what a value brings along', () => {
    expect(say('error.ats-refused', { ats: '{detail}', detail: 'no {ats}' })).toBe('{detail} refused this: no {ats}.');
  });

  it.each([
    ['already invited', 'It is not certain that SWE was sent: already invited. Check with the vendor, or send again.'],
    ['the answer was lost.', 'It is not certain that SWE was sent: the answer was lost. Check with the vendor, or send again.'],
    ['is it “open?”', 'It is not certain that SWE was sent: is it “open?” Check with the vendor, or send again.'],
  ])('ends what somebody else said before it goes on: %j', (detail, sentence) => {
    expect(say('reason.invitation-unconfirmed', { assessment: 'SWE', detail })).toBe(sentence);
  });

  it('ends with a full stop, too, where what somebody else said stands last, and has none where nothing was said', () => {
    expect(say('error.vendor-refused', { vendor: 'CodeSignal', detail: 'no seats left' })).toBe(
      'CodeSignal refused this: no seats left.',
    );
    expect(say('reason.tag-failed', { tag: 'SWE', detail: '' })).toBe('The tag "SWE" was not added: ');
    expect(say('reason.application-archived', { reason: 'Underqualified' })).toBe('The application was closed: Underqualified.');
  });

  it('has no two sentences in one without a full stop between them, whatever fills its gaps', () => {
    const texts = Object.entries(leavesOf({ reason: en.reason, error: en.error, server: en.server }));
    const open = texts.filter(([, text]) =>
      /[.:] \{(?!because|detail|failure|fault|reason|summary|trouble|why)\w+\} [A-Z]/.test(text),
    );
    expect(open).toEqual([]);
  });

  it('is never said with an open gap', () => {
    expect(() => say('error.ats-refused', { ats: 'Lever' })).toThrow('{detail}');
    expect(() => say('server.foreign-host', JSON.parse('{"__proto__": {"host": "x"}}'))).toThrow('{host}');
  });

  it('is there for every error that the API can answer with', () => {
    expect(Object.keys(en.error)).toEqual(expect.arrayContaining(ERROR_CODES.map((code) => code.replaceAll('-', '_'))));
  });
});

/** Every text of a tree, by its path. */
function leavesOf(tree: object, path = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'string' ? [[`${path}${key}`, value]] : Object.entries(leavesOf(value, `${path}${key}.`)),
    ),
  );
}
