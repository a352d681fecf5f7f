import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { carryExtraTime, findExtraTime, setExtraTime } from '../../../server/storage/accommodations.repository.ts';
import { accommodations } from '../../../server/storage/schema.ts';
import { usePipeline } from '../../support/pipeline.ts';

const pipeline = usePipeline();
const someone = () => `${randomUUID()}@mail.example`;
const set = async (person: string, percent: number | null) =>
  await setExtraTime(pipeline.current().services, { person, percent, setBy: randomUUID(), now: new Date() });
const find = async (person: string) => await findExtraTime(pipeline.current().services, person);

describe('extra time of a person', () => {
  test('is kept, replaced, and taken away', async () => {
    const person = someone();
    expect(await find(person)).toBeNull();
    await set(person, 25);
    await set(person, 50);
    expect(await find(person)).toBe(50);
    await set(person, null);
    expect(await find(person)).toBeNull();
  });

  test('cannot be read in the table, nor moved to somebody else there', async () => {
    const { db } = pipeline.current().services;
    const [one, other] = [someone(), someone()];
    await set(one, 50);
    await set(other, 25);
    const [row] = await db.select().from(accommodations).where(eq(accommodations.person, one));
    const parts = row?.sealed.split('.') ?? [];
    // Long enough a word that chance does not write it.
    for (const part of parts) expect([part, Buffer.from(part, 'base64url').toString('latin1')].join()).not.toMatch(/extraTime/i);
    expect(parts.length).toBeGreaterThan(1);
    await db.update(accommodations).set({ sealed: row?.sealed }).where(eq(accommodations.person, other));
    await expect(find(other)).rejects.toThrow();
  });

  test('goes with the person to another address, over nothing that is set for that one', async () => {
    const { services } = pipeline.current();
    const [from, to, taken] = [someone(), someone(), someone()];
    await set(from, 50);
    await set(taken, 100);
    for (const next of [to, taken]) await carryExtraTime(services, { from, to: next, setBy: randomUUID(), now: new Date() });
    expect([await find(from), await find(to), await find(taken)]).toEqual([50, 50, 100]);
  });

  test.each([0, 301, 1.5])('is never %s percent', async (percent) => {
    await expect(set(someone(), percent)).rejects.toThrow();
  });
});
