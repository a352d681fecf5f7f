const ISO_TIME = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})$/i;

/**
 * A moment as ISO 8601 in UTC, from `2022-12-11T13:16:00-0500` as Coderbyte and HackerRank write it. Null for everything that is not a moment: a day
 * (`12/10/22`), a time without an offset, "N/A".
 */
export function toIsoTime(value: unknown): string | null {
  const [, day, time, offset] = typeof value === 'string' ? (ISO_TIME.exec(value.trim()) ?? []) : [];
  if (!day || !time || !offset) return null;
  const at = Date.parse(`${day}T${time}${offset.replace(/^([+-]\d{2}):?(\d{2})$/, '$1:$2').toUpperCase()}`);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
