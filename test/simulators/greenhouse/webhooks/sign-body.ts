import { createHmac } from 'node:crypto';

const ESCAPES: Record<string, string> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** JSON as Greenhouse writes it: the characters that mean something in HTML are escaped, before signing. */
export function toBodyText(body: unknown): string {
  return JSON.stringify(body).replace(/[<>&\u2028\u2029]/g, (character) => ESCAPES[character] ?? character);
}

/** The `Signature` header: algorithm, one space, lower-case hex over the exact bytes. */
export function signBody(secret: string, text: string): string {
  return `sha256 ${createHmac('sha256', secret).update(text, 'utf8').digest('hex')}`;
}
