import * as z from 'zod';
import type { CustomField, CustomValue } from '../world/records.ts';
import type { World } from '../world/world.ts';
import { unprocessable } from './errors.ts';

const customFieldValue = z.union([
  z.strictObject({ custom_field_id: z.int(), value: z.unknown() }),
  z.strictObject({ name_key: z.string(), value: z.unknown() }),
]);
/** The written form: an array, each entry naming its field by id or key. */
export const customFieldValues = z.array(customFieldValue);

interface Written {
  of: CustomField['fieldType'];
  kept: Record<string, CustomValue>;
  written: z.infer<typeof customFieldValues>;
}

/**
 * The stored custom fields with the written ones over them; null clears, and what is not named stays. Throws 422 for a field that does
 * not exist, is not in use, belongs to something else or must not be empty, and for a value of another type.
 */
export function mergeCustomFields(world: World, { of, kept, written }: Written): Record<string, CustomValue> {
  const merged = { ...kept };
  for (const entry of written) {
    const fields = world.customFields.list((row) => row.fieldType === of && row.active);
    const field = fields.find((row) => ('name_key' in entry ? row.nameKey === entry.name_key : row.id === entry.custom_field_id));
    if (!field) throw unprocessable({ custom_fields: `names a field that no ${of} has` });
    if (entry.value === null && field.required) throw unprocessable({ [field.nameKey]: "can't be blank" });
    if (entry.value === null) delete merged[field.nameKey];
    else merged[field.nameKey] = { name: field.name, type: field.valueType, value: toStored(world, field, entry.value) };
  }
  return merged;
}

/** Inferred: a value of the wrong type is refused, not turned into another. */
const VALUES: Record<string, z.ZodType> = {
  short_text: z.string(),
  long_text: z.string(),
  yes_no: z.boolean(),
  number: z.number(),
  date: z.iso.date(),
  url: z.url(),
  currency: z.strictObject({ amount: z.number(), currency_code: z.string().length(3) }),
  single_select: z.int(),
  multi_select: z.array(z.int()),
  user: z.int(),
};

function toStored(world: World, field: CustomField, value: unknown): unknown {
  const parsed = VALUES[field.valueType]?.safeParse(value);
  if (parsed && !parsed.success) throw unprocessable({ [field.nameKey]: `is not a ${field.valueType}` });
  if (field.valueType === 'single_select') return needOption(world, field, value);
  if (field.valueType === 'multi_select' && Array.isArray(value)) return value.map((one) => needOption(world, field, one));
  return value;
}

/** Written by id, read by name. Inferred from v1, where a read shows the name. */
function needOption(world: World, field: CustomField, id: unknown): string {
  const option = world.customFieldOptions.list((row) => row.fieldId === field.id && row.id === id)[0];
  if (!option) throw unprocessable({ [field.nameKey]: 'is not an option of this field' });
  return option.name;
}
