export type Fields = Readonly<Record<string, unknown>>;

/** The value if it is an object with fields; null for everything else, lists included. */
export function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}
