import type { PoolClient } from 'pg';
import { expect, test } from 'vitest';
import { createStatementNames } from '../../../server/storage/name-statements.ts';

function watched() {
  let now = 0;
  const names = createStatementNames(() => now);
  const session = () => {
    const asked: unknown[][] = [];
    const client = { query: (...given: unknown[]) => asked.push(given) };
    names.use(client as unknown as PoolClient);
    return { asked, query: client.query };
  };
  return { session, pass: (ms: number) => (now += ms) };
}

const nameOf = (given: unknown[] | undefined) => (given?.[0] as { name?: string } | undefined)?.name;
const askOften = (query: (...given: unknown[]) => unknown, text: string) => {
  for (let time = 0; time < 60; time += 1) query({ text }, [time]);
};

test('what is asked often has the same name in every session, and another text another', () => {
  const { session } = watched();
  const [one, other] = [session(), session()];
  askOften(one.query, 'select $1::int');
  askOften(one.query, 'select $1::text');
  other.query({ text: 'select $1::int' }, [2]);
  expect(nameOf(one.asked[0])).toBeUndefined();
  expect(nameOf(one.asked[59])).toMatch(/^t[0-9a-f]{32}$/);
  expect(nameOf(other.asked[0])).toBe(nameOf(one.asked[59]));
  expect(nameOf(one.asked[119])).not.toBe(nameOf(one.asked[59]));
  expect(other.asked[0]?.[1]).toEqual([2]);
});

test('what is asked a few times a second has none, however long it goes on', () => {
  const { session, pass } = watched();
  const { asked, query } = session();
  for (let time = 0; time < 500; time += 1) {
    query({ text: 'select $1::int' }, [time]);
    pass(300);
  }
  expect(asked.some((given) => nameOf(given))).toBe(false);
});

test('what has no values, has a name or was made by hand stays as it is', () => {
  const { session } = watched();
  const { asked, query } = session();
  const given = [['begin'], [{ text: 'select 1' }, []], [{ text: 'select $1', name: 'mine' }, [1]], [{ submit: () => {} }, [1]]];
  for (let time = 0; time < 60; time += 1) for (const one of given) query(...one);
  expect(asked.slice(-4)).toEqual(given);
});

test('the number of names is bounded', () => {
  const { session } = watched();
  const { asked, query } = session();
  for (let number = 0; number < 300; number += 1) askOften(query, `select $1 -- ${number}`);
  expect(new Set(asked.map(nameOf).filter(Boolean)).size).toBe(120);
});
