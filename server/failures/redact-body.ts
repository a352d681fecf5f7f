/** Names under which senders put what opens something: Lever's token and signature, keys and passwords of others. */
const SECRET_NAME = /token|secret|signature|passw|api_?key|authori[sz]ation|credential|cookie/i;
const LINK = /\bhttps?:\/\/([^\s/"'<>]+)[^\s"'<>]*/gi;
const SHOWN_MAX = 20_000;

/**
 * A webhook's body as an admin may see it: without what proves who sent it, and without what a link opens, because a candidate's test link
 * is one. Null when it is not JSON.
 */
export function redactBody(body: Uint8Array): string | null {
  try {
    const text = JSON.stringify(redact(JSON.parse(Buffer.from(body).toString('utf8'))), null, 2);
    return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}\n…` : text;
  } catch {
    return null;
  }
}

function redact(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(LINK, 'https://$1/(hidden)');
  if (Array.isArray(value)) return value.map(redact);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, SECRET_NAME.test(name) && inner !== null ? '(hidden)' : redact(inner)]),
  );
}
