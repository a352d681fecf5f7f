/** PostgreSQL stores neither the character 0 nor half a character (a surrogate alone): each becomes the replacement character. */
export function toStorableText(text: string): string {
  return text.includes('\u0000') ? text.replaceAll('\u0000', '\ufffd').toWellFormed() : text.toWellFormed();
}

/** How JSON writes either of them. Also where it is no more than a backslash before these letters: then the slow way is the same. */
const MAY_BE_UNSTORABLE = /\\u(0000|d[89a-f])/i;

/** As `JSON.stringify`, of what PostgreSQL is to take as JSON. */
export function toStorableJson(value: object): string {
  const text = JSON.stringify(value);
  return MAY_BE_UNSTORABLE.test(text) ? JSON.stringify(value, toStorable) : text;
}

function toStorable(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? toStorableText(value) : value;
}
