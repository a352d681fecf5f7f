import { expect, it } from 'vitest';
import { toName } from '../../../../server/vendors/hackerrank/to-name.ts';

it.each([
  ['Ada Lovelace', 'Ada Lovelace'],
  ['  Ada\n\tLovelace ', 'Ada Lovelace'],
  ['"><script>alert(1)</script> https://evil.example/x Ada\u202e', '" … Ada'],
  ['Ada <b>Lovelace</b> >', 'Ada Lovelace'],
  ['נועה לוי', 'נועה לוי'],
  ['<>', undefined],
  ['   ', undefined],
  [null, undefined],
])('the name %j goes out as %j', (name, expected) => {
  expect(toName(name)).toBe(expected);
});
