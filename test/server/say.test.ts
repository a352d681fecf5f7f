import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../lib/contract/error.ts';
import en from '../../locales/en.json' with { type: 'json' };
import { say } from '../../server/say.ts';

describe('a sentence of the server', () => {
  it('has its gaps filled in', () => {
    expect(say('server.foreign-host', { host: 'evil.example' })).toContain('the name evil.example.');
  });

  it('does not fill in what a value brings along', () => {
    expect(say('error.ats-refused', { ats: '{detail}', detail: 'no {ats}' })).toBe('{detail} refused this: no {ats}');
  });

  it('is never said with an open gap', () => {
    expect(() => say('error.ats-refused', { ats: 'Lever' })).toThrow('{detail}');
    expect(() => say('server.foreign-host', JSON.parse('{"__proto__": {"host": "x"}}'))).toThrow('{host}');
  });

  it('is there for every error that the API can answer with', () => {
    expect(Object.keys(en.error)).toEqual(expect.arrayContaining(ERROR_CODES.map((code) => code.replaceAll('-', '_'))));
  });
});
