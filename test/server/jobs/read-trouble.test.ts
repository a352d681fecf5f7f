import { expect, test } from 'vitest';
import { standingTrouble, toReadTrouble } from '../../../server/jobs/read-trouble.ts';

test('a missing right is kept with the application, and named on the panel until it is there', () => {
  const kept = toReadTrouble(
    {
      kind: 'forbidden',
      status: 403,
      detail: 'Forbidden',
      right: 'Opportunities: Read (Retrieve a single opportunity)',
    },
    null,
  );
  expect(standingTrouble(kept, 'Lever')).toContain('“Opportunities: Read (Retrieve a single opportunity)”');
});

test('a refusal that names no right is told without one, and what passes by itself not at all', () => {
  expect(standingTrouble(toReadTrouble({ kind: 'forbidden', status: 403, detail: '' }, null), 'Lever')).toContain(
    'lacks the right',
  );
  expect(standingTrouble(toReadTrouble({ kind: 'unauthorised', status: 401, detail: '' }, null), 'Lever')).toContain('renew it');
  expect(standingTrouble(toReadTrouble({ kind: 'unreachable', detail: '' }, null), 'Lever')).toBeNull();
});
