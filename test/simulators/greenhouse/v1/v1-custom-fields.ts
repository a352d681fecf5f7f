import * as z from 'zod';
import { mergeCustomFields } from '../api/custom-field-values.ts';
import { ApiError } from '../api/errors.ts';
import type { CustomValue } from '../world/records.ts';
import type { World } from '../world/world.ts';
import { invalid } from './v1-error.ts';

const of = { id: z.int().optional(), name_key: z.string().optional() };

/** https://developers.greenhouse.io/harvest.html#patch-edit-candidate: by id or key; emptied by a word of its own, not by null. */
export const v1CustomFieldValues = z.array(
  z.union([
    z.strictObject({ ...of, value: z.unknown().refine((value) => value !== null && value !== undefined) }),
    z.strictObject({ ...of, delete_value: z.literal('true') }),
  ]),
);

/** The candidate's custom fields with the written ones over them. Throws V1Error. */
export function mergeV1CustomFields(
  world: World,
  kept: Record<string, CustomValue>,
  given: z.infer<typeof v1CustomFieldValues>,
): Record<string, CustomValue> {
  const written = given.map((entry) => {
    const value = 'delete_value' in entry ? null : entry.value;
    if (entry.name_key !== undefined) return { name_key: entry.name_key, value };
    if (entry.id !== undefined) return { custom_field_id: entry.id, value };
    throw invalid({ message: 'needs id or name_key', field: 'custom_fields' });
  });
  try {
    return mergeCustomFields(world, { of: 'candidate', kept, written });
  } catch (error) {
    if (error instanceof ApiError) throw invalid({ message: JSON.stringify(error.body.errors), field: 'custom_fields' });
    throw error;
  }
}
