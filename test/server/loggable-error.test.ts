import { DrizzleQueryError } from 'drizzle-orm/errors';
import { expect, it } from 'vitest';
import { loggableError } from '../../server/loggable-error.ts';

it('a failed query is logged without what it carried', () => {
  const cause = Object.assign(new Error('duplicate key value violates unique constraint "x"'), {
    code: '23505',
    detail: 'Key (email)=(ada@example.com) already exists.',
  });
  const logged = loggableError(new DrizzleQueryError('insert into x values ($1)', ['ada@example.com'], cause));
  expect(logged).toEqual({ type: 'Error', message: cause.message, code: '23505' });
  expect(JSON.stringify(logged)).not.toContain('ada@example.com');
});
