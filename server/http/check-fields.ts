import { type ConnectionSettings, writeBackOf } from '../../lib/contract/settings.ts';
import type { AtsField } from '../ats/operations.ts';
import type { CallResult } from '../outbound/outcome.ts';
import { kindName } from './kind-name.ts';
import { unknownToAts } from './unknown-to-ats.ts';

const NAMES = ['statusField', 'scoreField'] as const;

/**
 * Refuses a field that the ATS does not have, before anything is written into it in vain. Only what changes is looked up, and while the
 * fields cannot be listed any is taken as it is. @throws ApiError `unknown-to-ats`
 */
export async function checkFields(
  before: ConnectionSettings,
  after: ConnectionSettings,
  listFields: () => Promise<CallResult<AtsField[]>>,
): Promise<void> {
  const [were, are] = [writeBackOf(before), writeBackOf(after)];
  const chosen = NAMES.filter((name) => are[name] !== '' && are[name] !== were[name]);
  if (chosen.length === 0) return;
  const listed = await listFields();
  if (!listed.ok) return;
  const ids = new Set(listed.value.map(({ fieldId }) => fieldId));
  const unknown = chosen.filter((name) => !ids.has(are[name]));
  if (unknown.length === 0) return;
  const details = unknown.map((name) => ({ path: `settings.writeBack.${name}`, label: are[name] }));
  throw unknownToAts('server.write-back.field-unknown', details, kindName(after.kind));
}
