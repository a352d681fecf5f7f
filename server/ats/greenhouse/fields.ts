/**
 * Custom fields of applications and candidates.
 * https://harvestdocs.greenhouse.io/reference/get_v3-custom-fields (scope harvest:custom_fields:list)
 * https://harvestdocs.greenhouse.io/reference/get_v3-custom-field-options (scope harvest:custom_field_options:list)
 * https://harvestdocs.greenhouse.io/reference/patch_v3-applications-id (scope harvest:applications:update)
 * https://harvestdocs.greenhouse.io/reference/patch_v3-candidates-id (scope harvest:candidates:update)
 *
 * Only `custom_fields` is ever written: `tags`, `email_addresses` and the like would be replaced as a whole.
 */
import type { Clock } from '../../clock.ts';
import { type CallResult, succeed } from '../../outbound/outcome.ts';
import type { AtsField, FieldValue } from '../operations.ts';
import { type GreenhouseClient, isGreenhouseId, toWireId } from './client.ts';
import { refuse } from './refusal.ts';
import { greenhouseCustomFieldOptionSchema, greenhouseCustomFieldSchema } from './schemas.ts';

export interface GreenhouseFields {
  list(): Promise<CallResult<AtsField[]>>;
  /** What stands in the body of an update for these values; `refused` for a field that is gone or a value that it does not take. */
  toWire(values: readonly FieldValue[]): Promise<CallResult<unknown[]>>;
}

type Owner = AtsField['on'];

const TYPES: Record<string, AtsField['type']> = {
  short_text: 'text',
  long_text: 'text',
  number: 'number',
  single_select: 'choice',
  yes_no: 'yes-no',
  // The word of webhooks for the same.
  boolean: 'yes-no',
  url: 'link',
};

/** Greenhouse's word for a type in ours; `other` is one in which we do not write. */
export function toFieldType(word: string | null): AtsField['type'] {
  return (Object.hasOwn(TYPES, word ?? '') && TYPES[word ?? '']) || 'other';
}

const KEEP_MS = 5 * 60_000;

/** Keep one per connection: it remembers the types of fields for some minutes, because every write needs them. */
export function createGreenhouseFields(client: GreenhouseClient, clock: Clock): GreenhouseFields {
  const kept = new Map<Owner, { types: ReadonlyMap<string, AtsField['type']>; at: number }>();

  async function typesOf(on: Owner, needed: readonly string[]): Promise<CallResult<ReadonlyMap<string, AtsField['type']>>> {
    const now = clock.now().getTime();
    const last = kept.get(on);
    if (last && now - last.at < KEEP_MS && needed.every((id) => last.types.has(id))) return succeed(last.types);
    const rows = await readFields(client, on);
    if (!rows.ok) return rows;
    const types = new Map(rows.value.map(({ fieldId, type }) => [fieldId, type]));
    kept.set(on, { types, at: now });
    return succeed(types);
  }

  return {
    list: () => listFields(client),
    async toWire(values) {
      const wire: unknown[] = [];
      for (const { fieldId, on, value } of values) {
        const types = await typesOf(on, [fieldId]);
        if (!types.ok) return types;
        const type = types.value.get(fieldId);
        if (type === undefined) return refuse(`Greenhouse has no custom field ${fieldId} for the ${on} any more`);
        const written = toFieldValue(type, value);
        if (written === undefined) return refuse(`The custom field ${fieldId} does not take this value`);
        wire.push({ custom_field_id: toWireId(fieldId), value: written });
      }
      return succeed(wire);
    },
  };
}

/** Those of applications first; fields that are not in use any more are left out. */
async function listFields(client: GreenhouseClient): Promise<CallResult<AtsField[]>> {
  const ofApplications = await readFields(client, 'application');
  if (!ofApplications.ok) return ofApplications;
  const ofCandidates = await readFields(client, 'candidate');
  if (!ofCandidates.ok) return ofCandidates;
  const fields = [...ofApplications.value, ...ofCandidates.value];
  const ids = fields.filter(({ type }) => type === 'choice').map(({ fieldId }) => fieldId);
  const place = { path: '/custom_field_options', parameter: 'custom_field_ids', ids };
  const options = await client.listByIds(place, greenhouseCustomFieldOptionSchema);
  if (!options.ok) return options;
  return succeed(
    fields.map((field) => ({
      ...field,
      choices: options.value
        .filter((option) => option.custom_field_id === field.fieldId)
        .map(({ id, name }) => ({ choiceId: id, name: name ?? id })),
    })),
  );
}

/** Without their choices. The rows do not say whose they are, the query does. */
async function readFields(client: GreenhouseClient, on: Owner): Promise<CallResult<AtsField[]>> {
  const rows = await client.list('/custom_fields', { field_type: on }, greenhouseCustomFieldSchema);
  if (!rows.ok) return rows;
  return succeed(
    rows.value
      .filter(({ active }) => active !== false)
      .map(({ id, name, value_type }) => ({
        fieldId: id,
        name: name ?? id,
        on,
        type: toFieldType(value_type),
        choices: [],
      })),
  );
}

/** In the form that the type wants; undefined where it cannot be had. Inferred: null empties every kind. */
export function toFieldValue(type: AtsField['type'], value: FieldValue['value']): unknown {
  if (value === null) return null;
  if (type === 'text' || type === 'link') return String(value);
  if (type === 'number') return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  if (type === 'yes-no') return typeof value === 'boolean' ? value : undefined;
  // A choice is written by the id of its option.
  if (type === 'choice') return typeof value === 'string' && isGreenhouseId(value) ? toWireId(value) : undefined;
  return undefined;
}
