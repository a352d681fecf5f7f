import type { AtsField, AtsOperations } from '../ats/operations.ts';
import type { AtsAdapter } from '../ats/port.ts';
import { type CallResult, succeed } from '../outbound/outcome.ts';

const KEEP_MS = 5 * 60_000;
const kept = new WeakMap<AtsAdapter, { fields: AtsField[]; at: number }>();

/**
 * The custom fields of an ATS, as of the last five minutes: every change of an invitation needs them, and listing them takes several calls.
 * Listed anew at once when what is remembered is not `good enough`, because an admin may just have added what was missing.
 */
export async function findFields(
  { adapter, list, now }: { adapter: AtsAdapter; list: NonNullable<AtsOperations['listFields']>; now: Date },
  isGoodEnough: (fields: AtsField[]) => boolean,
): Promise<CallResult<AtsField[]>> {
  const known = kept.get(adapter);
  if (known && now.getTime() - known.at < KEEP_MS && isGoodEnough(known.fields)) return succeed(known.fields);
  const listed = await list();
  if (listed.ok) kept.set(adapter, { fields: listed.value, at: now.getTime() });
  return listed;
}
