import { type Fields, fieldsOf } from '../fields-of.ts';
import type { RefusalReason } from '../webhooks/verdict.ts';

/** The JSON object in the bytes, or why there is none. Total. */
export function readJsonObject(bytes: Uint8Array): { object: Fields } | { because: RefusalReason } {
  const value = parse(bytes);
  if (value === undefined) return { because: 'not-json' };
  const object = fieldsOf(value);
  return object ? { object } : { because: 'not-an-object' };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
