/**
 * Custom fields of candidates. https://developers.greenhouse.io/harvest.html#patch-edit-candidate
 *
 * The known permission list has neither a right to list custom fields nor one to edit applications. But candidates come with their
 * fields, each by its key that never changes (`keyed_custom_fields`), and the key is enough to write by. What a choice may be is not
 * told, so that fields of that kind are left alone.
 */
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import { toFieldType, toFieldValue } from '../greenhouse/fields.ts';
import { refuse } from '../greenhouse/refusal.ts';
import type { AtsField, FieldValue } from '../operations.ts';
import type { GreenhouseV1Client } from './client.ts';
import { readCandidate } from './read-snapshot.ts';
import { type GreenhouseV1Fields, greenhouseV1FieldsSchema } from './schemas.ts';

/** Fields may be for some offices or departments alone, so that one candidate need not have them all. */
const CANDIDATES_LOOKED_AT = 100;

/** The fields that the last hundred candidates have, by their keys. */
export async function listFields(client: GreenhouseV1Client): Promise<CallResult<AtsField[]>> {
  const place = { path: '/candidates', right: 'Candidates: Get: List Candidates' };
  const found = new Map<string, AtsField>();
  for await (const page of client.pages(place, { per_page: CANDIDATES_LOOKED_AT }, greenhouseV1FieldsSchema)) {
    if (!page.ok) return page;
    for (const { keyed_custom_fields: fields } of page.value)
      for (const [key, { name, type }] of Object.entries(fields))
        found.set(key, { fieldId: key, name: name ?? key, on: 'candidate', type: toType(type), choices: [] });
    break;
  }
  return succeed([...found.values()].toSorted((a, b) => a.name.localeCompare(b.name, 'en')));
}

/** Fields that are not named stay as they are, and so do tags and addresses. */
export async function writeFields(
  client: GreenhouseV1Client,
  { candidateId, values }: { candidateId: string; values: readonly FieldValue[] },
): Promise<CallResult<void>> {
  const candidate = await readCandidate(client, candidateId);
  if (!candidate.ok) return candidate;
  const custom_fields: object[] = [];
  for (const value of values) {
    const written = toWritten(value, candidate.value.keyed_custom_fields);
    if (written === undefined)
      return refuse(`The custom field ${value.fieldId} does not take this value, or cannot be written by a v1 key`);
    custom_fields.push(written);
  }
  if (custom_fields.length === 0) return succeed(undefined);
  const place = { path: `/candidates/${candidateId}`, right: 'Candidates: Patch: Edit Candidate' };
  return client.write('PATCH', place, { custom_fields });
}

/** Emptied by a word of its own, not by null. A field that this candidate does not show is left to Greenhouse to judge. */
function toWritten({ fieldId, on, value }: FieldValue, fields: GreenhouseV1Fields): object | undefined {
  if (on !== 'candidate') return undefined;
  if (value === null) return { name_key: fieldId, delete_value: 'true' };
  const field = Object.hasOwn(fields, fieldId) ? fields[fieldId] : undefined;
  const written = field === undefined ? value : toFieldValue(toType(field.type), value);
  return written === undefined ? undefined : { name_key: fieldId, value: written };
}

function toType(type: string | null): AtsField['type'] {
  const known = toFieldType(type);
  return known === 'choice' ? 'other' : known;
}
