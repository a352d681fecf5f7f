/** PostgreSQL stores neither the character 0 nor half a character (a surrogate alone): each becomes the replacement character. */
export function toStorableText(text: string): string {
  return text.replaceAll('\u0000', '\ufffd').toWellFormed();
}
