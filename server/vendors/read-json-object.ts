import type { RefusalReason } from '../webhooks/verdict.ts';

/** The JSON object in the bytes, or why there is none. Total. */
export function readJsonObject(bytes: Uint8Array): { object: Record<string, unknown> } | { because: RefusalReason } {
  const value = parse(bytes);
  if (value === undefined) return { because: 'not-json' };
  return isObject(value) ? { object: value } : { because: 'not-an-object' };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
