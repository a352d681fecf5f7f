import { asc } from 'drizzle-orm';
import { expect, test } from 'vitest';
import { putInputs } from '../../../server/storage/put-inputs.ts';
import { inputs } from '../../../server/storage/schema.ts';
import type { Input } from '../../../server/workflow/input.ts';
import { usePipeline } from '../../support/pipeline.ts';

const pipeline = usePipeline();

test('each stands in its lane in the order in which they came, and once under its key', async () => {
  const p = pipeline.current();
  const [one, two] = [await p.apply(), await p.apply()];
  const put = (applicationKey: string, key: string, invitationId: string) => {
    const input: Input = { kind: 'poll', invitationId, vendor: 'Coderbyte' };
    return { applicationKey, key, input, createdAt: p.now };
  };
  await p.db.transaction((tx) => putInputs(tx, []));
  await p.db.transaction((tx) => putInputs(tx, [put(one, 'c', '1'), put(two, 'a', '2'), put(one, 'b', '3')]));
  await p.db.transaction((tx) => putInputs(tx, [put(one, 'c', 'again'), put(one, 'd', '4')]));
  const rows = await p.db.select().from(inputs).orderBy(asc(inputs.id));
  expect(rows.map(({ key, input }) => [key, input])).toEqual([
    ['c', { kind: 'poll', invitationId: '1', vendor: 'Coderbyte' }],
    ['a', { kind: 'poll', invitationId: '2', vendor: 'Coderbyte' }],
    ['b', { kind: 'poll', invitationId: '3', vendor: 'Coderbyte' }],
    ['d', { kind: 'poll', invitationId: '4', vendor: 'Coderbyte' }],
  ]);
  expect(rows.map(({ applicationKey }) => applicationKey)).toEqual([one, two, one, one]);
});
