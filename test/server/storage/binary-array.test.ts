import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { binaryArray } from '../../../server/storage/binary-array.ts';
import { createTestDatabase, type TestDatabase } from '../../support/test-database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const readBack = async (type: string, array: Buffer) =>
  (await database.pool.query({ text: `select item from unnest($1::${type}[]) as all_of(item)`, values: [array] })).rows.map(
    ({ item }: { item: unknown }) => item,
  );

describe('an array in the binary format', () => {
  it('carries text that would need quotation marks, and text beyond ASCII', async () => {
    const texts = ['', '"', '\\', '{a,b}', 'NULL', 'Zoë 😀', ' '];
    expect(await readBack('text', binaryArray('text', texts))).toEqual(texts);
  });

  it('carries bytes, numbers and JSON', async () => {
    const bodies = [Buffer.from([0, 255, 92, 34]), Buffer.alloc(0)];
    expect(await readBack('bytea', binaryArray('bytea', bodies))).toEqual(bodies);
    expect(await readBack('int4', binaryArray('int4', [0, -1, 2_147_483_647]))).toEqual([0, -1, 2_147_483_647]);
    expect(await readBack('jsonb', binaryArray('jsonb', ['[{"a":"é"}]', '[]']))).toEqual([[{ a: 'é' }], []]);
  });

  it('carries times to the millisecond, also from before the year 2000', async () => {
    const times = ['2026-11-22T12:00:00.123Z', '1999-12-31T23:59:59.999Z', '2400-01-01T00:00:00.001Z'].map(
      (text) => new Date(text),
    );
    expect(await readBack('timestamptz', binaryArray('timestamptz', times))).toEqual(times);
  });

  it('may be empty', async () => {
    expect(await readBack('text', binaryArray('text', []))).toEqual([]);
  });
});
