import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../server/outbound/parse-json.ts';

describe('JSON from outside', () => {
  it('keeps every digit of an id beyond the exact range of a double', () => {
    expect(parseJson('{"id":9007199254740993,"ids":[18446744073709551615]}')).toEqual({
      id: '9007199254740993',
      ids: ['18446744073709551615'],
    });
  });

  it('finds such an id wherever it stands', () => {
    for (let before = 0; before < 40; before += 1) {
      const text = `{"${'a'.repeat(before)}":9007199254740993,"b":900719925474099}`;
      expect(Object.values(parseJson(text) as object)).toEqual(['9007199254740993', 900719925474099]);
    }
  });

  it('leaves all other numbers as they are', () => {
    const text = '{"id":259096501002,"score":12.5,"large":1e300,"negative":-3,"none":null,"text":"9007199254740993"}';
    expect(parseJson(text)).toEqual(JSON.parse(text));
  });

  it('makes text storable, for PostgreSQL takes neither the character 0 nor half a character', () => {
    expect(parseJson('{"name":"A\\u0000da","tags":["\\ud800","\\ud83d\\ude00"]}')).toEqual({
      name: 'A\ufffdda',
      tags: ['\ufffd', '😀'],
    });
  });

  it('throws for what is not JSON', () => {
    expect(() => parseJson('<html>')).toThrow(SyntaxError);
  });
});
