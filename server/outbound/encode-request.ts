import { encodeMultipart } from './encode-multipart.ts';
import type { HttpRequest } from './http.ts';

/** Sent with every call. `identity`: the size limit then counts what is really read. */
export const OWN_HEADERS: Record<string, string> = {
  accept: 'application/json',
  'accept-encoding': 'identity',
  'user-agent': 'Tagalong',
};

export interface EncodedRequest {
  address: string;
  headers: Record<string, string>;
  body: Buffer | undefined;
}

/** Puts query, headers and body into their form on the wire. An address that is no URL is left for the check to refuse. */
export function encodeRequest(request: HttpRequest): EncodedRequest {
  const [body, contentType] = encodeBody(request);
  const given = Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
  const headers = { ...OWN_HEADERS, ...(contentType && { 'content-type': contentType }), ...Object.fromEntries(given) };
  return { address: withQuery(request), headers: { ...headers, ...(body && { 'content-length': `${body.length}` }) }, body };
}

function encodeBody({ json, form, file }: HttpRequest): [Buffer | undefined, string | undefined] {
  if (file) return encodeMultipart(file);
  if (form) return [Buffer.from(new URLSearchParams(form).toString()), 'application/x-www-form-urlencoded'];
  if (json !== undefined) return [Buffer.from(JSON.stringify(json)), 'application/json'];
  return [undefined, undefined];
}

function withQuery({ url, query }: HttpRequest): string {
  if (!query || !URL.canParse(url)) return url;
  const address = new URL(url);
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of typeof value === 'object' ? value : [value]) address.searchParams.append(name, String(one));
  }
  return address.href;
}
