/** What the gaps of an endpoint can stand for; null where there is nothing to put in. */
export type GapValues = Readonly<Record<string, string | null>>;

const GAP = /\{(\w+)\}/g;

/** A path with its gaps filled in, percent-encoded; or the gap that cannot be filled. */
export function fillPath(path: string, values: GapValues): { path: string } | { gap: string } {
  const gap = gapsOf(path).find((name) => !isSegment(values[name]));
  if (gap !== undefined) return { gap };
  return { path: path.replace(GAP, (_, name: string) => encodeURIComponent((values[name] ?? '').toWellFormed())) };
}

/** Nothing, and dots, would lead to another path than the admin wrote. */
function isSegment(value: string | null | undefined): boolean {
  return typeof value === 'string' && value !== '' && !/^\.+$/.test(value);
}

/**
 * A body with the gaps in its values filled in, however deep they stand; keys stay as they are. A field that is nothing but a gap
 * without a value is left out.
 */
export function fillBody(body: unknown, values: GapValues): unknown {
  if (typeof body === 'string') return fillText(body, values);
  if (Array.isArray(body)) return body.map((one) => fillBody(one, values)).filter((one) => one !== undefined);
  if (typeof body !== 'object' || body === null) return body;
  const filled = Object.entries(body).map(([key, value]) => [key, fillBody(value, values)] as const);
  return Object.fromEntries(filled.filter(([, value]) => value !== undefined));
}

function fillText(text: string, values: GapValues): string | undefined {
  const [only] = gapsOf(text);
  if (only !== undefined && text === `{${only}}`) return values[only] ?? undefined;
  return text.replace(GAP, (_, name: string) => values[name] ?? '');
}

/** The first gap in the values of a body that has no meaning. */
export function findUnknownGap(body: unknown, values: GapValues): string | undefined {
  if (typeof body === 'string') return gapsOf(body).find((name) => !Object.hasOwn(values, name));
  if (typeof body !== 'object' || body === null) return undefined;
  for (const value of Object.values(body)) {
    const found = findUnknownGap(value, values);
    if (found !== undefined) return found;
  }
  return undefined;
}

function gapsOf(text: string): string[] {
  return [...text.matchAll(GAP)].map(([, name = '']) => name);
}
