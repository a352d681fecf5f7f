import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fillBody, fillPath, findUnknownGap } from '../../../../server/vendors/coderbyte/fill-gaps.ts';

const VALUES = { email: 'ada+x@example.com', assessmentId: 'a/b c', name: null, empty: '' };

describe('the path of an endpoint', () => {
  it('has its gaps filled in, percent-encoded', () => {
    expect(fillPath('/a/{assessmentId}/c?who={email}', VALUES)).toEqual({ path: '/a/a%2Fb%20c/c?who=ada%2Bx%40example.com' });
  });

  it.each(['name', 'empty', 'unknown', 'constructor'])('with the gap {%s}, for which nothing is there, is not called', (gap) => {
    expect(fillPath(`/a/{${gap}}`, VALUES)).toEqual({ gap });
  });

  it.each(['.', '..', '...'])('is not climbed by %j', (value) => {
    expect(fillPath('/a/{value}/c', { value })).toEqual({ gap: 'value' });
  });

  it('stays below what the admin wrote, whatever is filled in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (value) => {
        const filled = fillPath('/v1/{value}/report', { value });
        if ('path' in filled) expect(new URL(`https://h.example${filled.path}`).pathname).toMatch(/^\/v1\/[^/]+\/report$/);
      }),
    );
  });
});

describe('the body of an endpoint', () => {
  it('has the gaps in its values filled in, however deep, and keeps its keys', () => {
    const body = { '{email}': 1, to: ['{email}'], who: { text: 'Dear {name}: {email}' }, flag: true, none: null };
    expect(fillBody(body, VALUES)).toEqual({
      '{email}': 1,
      to: ['ada+x@example.com'],
      who: { text: 'Dear : ada+x@example.com' },
      flag: true,
      none: null,
    });
  });

  it('leaves out what is nothing but a gap without a value', () => {
    expect(fillBody({ name: '{name}', email: '{email}', list: ['{name}'] }, VALUES)).toEqual({
      email: 'ada+x@example.com',
      list: [],
    });
  });

  it('is filled in one pass: a candidate called "{email}" stays so', () => {
    expect(fillBody({ name: 'I am {name}' }, { name: '{email}', email: 'x' })).toEqual({ name: 'I am {email}' });
  });

  it('with a gap that has no meaning is found out', () => {
    expect(findUnknownGap({ a: [{ b: 'x {phone}' }] }, VALUES)).toBe('phone');
    expect(findUnknownGap({ a: '{name}', '{phone}': 1 }, VALUES)).toBeUndefined();
    expect(findUnknownGap(undefined, VALUES)).toBeUndefined();
  });
});
