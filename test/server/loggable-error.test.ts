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

it('what quotes the value that it was given is logged without the quotation', () => {
  const refused = Object.assign(new Error('invalid input syntax for type uuid: "ada@example.com"'), { code: '22P02' });
  for (const error of [refused, new DrizzleQueryError('select $1', ['ada@example.com'], refused)]) {
    const logged = loggableError(error);
    expect(logged).toMatchObject({ message: 'invalid input syntax for type uuid: "..."', code: '22P02' });
    expect(JSON.stringify(logged)).not.toContain('ada@');
  }
});

it('so is what JSON.parse could not read', () => {
  let thrown = new Error();
  try {
    JSON.parse('ada@example.com');
  } catch (error) {
    if (error instanceof Error) thrown = error;
  }
  expect(thrown.message).toContain('ada@example.com');
  const logged = JSON.stringify(loggableError(thrown));
  expect(logged).toContain('is not valid JSON');
  expect(logged).not.toContain('ada@');
});

it('other sentences and their places stay whole', () => {
  const error = Object.assign(new Error('relation "x" does not exist'), { code: '42P01' });
  expect(loggableError(error)).toEqual({ type: 'Error', message: error.message, code: '42P01', stack: error.stack });
});
