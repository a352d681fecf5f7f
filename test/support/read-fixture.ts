import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** One fixture below test/fixtures, for example `coderbyte/webhook-candidate-joined`; always a JSON object. */
export async function readFixture(name: string): Promise<Record<string, unknown>> {
  const text = await readFile(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8');
  return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
}
