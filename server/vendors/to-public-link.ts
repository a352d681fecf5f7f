import { opensSomething, parametersOfFragment } from '../../lib/domain/opening-parameters.ts';
import { toSafeLink } from './to-safe-link.ts';

/** A report link as anybody at the ATS may have it: safe (see toSafeLink), and opening nothing by itself. Null for everything else. */
export function toPublicLink(text: unknown, hosts?: readonly string[]): string | null {
  const safe = toSafeLink(text, hosts);
  if (safe === null) return null;
  const { searchParams, hash } = new URL(safe);
  const pairs = [...searchParams, ...parametersOfFragment(hash)];
  return pairs.some(([name, value]) => opensSomething(name, value)) ? null : safe;
}
