/** What an admin looks for; empty: no matter what. Days as the date fields give them, in the admin's own time. */
export interface ActivityFilters {
  text: string;
  member: string;
  action: string;
  connection: string;
  application: string;
  from: string;
  to: string;
}

export const NO_FILTERS: ActivityFilters = {
  text: '',
  member: '',
  action: '',
  connection: '',
  application: '',
  from: '',
  to: '',
};

export function isFiltered(filters: ActivityFilters): boolean {
  return Object.values(filters).some((value) => value.trim() !== '');
}

/** As the API takes it, behind a `?`. Nothing is written that the background refuses in an address. */
export function toQuery(filters: ActivityFilters, more: Record<string, string | undefined> = {}): string {
  const { from, to, text, ...same } = filters;
  const all = { ...same, text: text.trim(), from: startOf(from, 0), to: startOf(to, 1), ...more };
  const parts = Object.entries(all).flatMap(([name, value]) => (value ? [`${name}=${encode(value)}`] : []));
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/** Two dots in a row mean a way upwards in an address. */
function encode(value: string): string {
  return encodeURIComponent(value).replaceAll('.', '%2E');
}

/** When the day begins that lies so many days after; undefined for no day. */
function startOf(day: string, daysLater: number): string | undefined {
  const [year, month, date] = day.split('-').map(Number);
  if (!year || !month || !date) return undefined;
  return new Date(year, month - 1, date + daysLater).toISOString();
}
