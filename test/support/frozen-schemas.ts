import { join } from 'node:path';

/** One export for each schema that has been in use, with rows in every table; see test/freeze-schemas.ts. */
export const SCHEMAS_FOLDER = 'test/fixtures/schemas';

export function frozenSchemaFile(migration: string): string {
  return join(SCHEMAS_FOLDER, `${migration}.export`);
}
