import { expect, it } from 'vitest';
import { loggableFailure } from '../../../server/outbound/loggable-failure.ts';

it('what the other side wrote about a refusal is not logged, because it may name the candidate', () => {
  const refused = { kind: 'refused' as const, status: 422, detail: 'Ada Moreno was invited already' };
  expect(loggableFailure(refused)).toEqual({ failure: 'refused', status: 422 });
});

it('nor what it wrote with a status that the failure does not carry', () => {
  const away = { kind: 'unreachable' as const, detail: 'Ada Moreno cannot be shown just now' };
  expect(loggableFailure(away, 503)).toEqual({ failure: 'unreachable', status: 503 });
});

it('why nobody was reached is logged', () => {
  const away = { kind: 'unreachable' as const, detail: 'ECONNREFUSED' };
  expect(loggableFailure(away)).toEqual({ failure: 'unreachable', detail: 'ECONNREFUSED' });
});
