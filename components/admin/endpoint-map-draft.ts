import { z } from 'zod';
import { ENDPOINT_NAMES, type EndpointName } from '../../lib/contract/settings.ts';

/** An endpoint map as a form holds it: everything as it is typed, right or wrong. */
export interface MapDraft {
  baseUrl: string;
  header: { name: string; value: string };
  endpoints: Partial<Record<EndpointName, EndpointDraft>>;
}

export interface EndpointDraft {
  method: string;
  path: string;
  /** JSON as text; text that is no JSON stays as it is, and the check finds it. */
  body: string;
  fields: Record<string, string>;
}

const text = z.string().catch('');
const endpoint = z.object({
  method: text,
  path: text,
  body: z.unknown().optional(),
  fields: z.record(z.string(), text).catch({}),
});
const map = z.object({
  baseUrl: text,
  authHeader: z.object({ name: text, value: text }).catch({ name: '', value: '' }),
  endpoints: z.record(z.string(), endpoint.catch({ method: 'GET', path: '', fields: {} })).catch({}),
});

/** The map in this text; null where there is nothing to edit by field: no JSON, or no object. An empty text is an empty map. */
export function readDraft(json: string): MapDraft | null {
  const parsed = map.safeParse(json.trim() ? parse(json) : {});
  if (!parsed.success) return null;
  const { baseUrl, authHeader, endpoints } = parsed.data;
  const known = ENDPOINT_NAMES.flatMap((name) => {
    const one = endpoints[name];
    return one ? [[name, { ...one, body: bodyText(one.body) }] as const] : [];
  });
  return { baseUrl, header: authHeader, endpoints: Object.fromEntries(known) };
}

/** The same as JSON, with what is empty left out; nothing at all for an empty map. */
export function writeDraft({ baseUrl, header, endpoints }: MapDraft): string {
  const named = Object.entries(endpoints).map(([name, { body, fields, ...rest }]) => {
    const filled = Object.entries(fields).filter(([, path]) => path !== '');
    return [name, { ...rest, ...(body.trim() && { body: bodyValue(body) }), fields: Object.fromEntries(filled) }];
  });
  if (!baseUrl && !header.name && !header.value && named.length === 0) return '';
  const written = {
    ...(baseUrl && { baseUrl }),
    ...((header.name || header.value) && { authHeader: header }),
    endpoints: Object.fromEntries(named),
  };
  return JSON.stringify(written, null, 2);
}

function bodyText(body: unknown): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body, null, 2);
}

/** What a body means, whatever blanks it is written with. */
export function bodyValue(body: string): unknown {
  return parse(body) ?? body;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
