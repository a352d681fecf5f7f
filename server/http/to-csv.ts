/**
 * One line of a CSV file (https://www.rfc-editor.org/rfc/rfc4180). A cell that a spreadsheet would take for a formula is given an
 * apostrophe in front: names and tags come from outside. https://owasp.org/www-community/attacks/CSV_Injection
 */
export function toCsvLine(cells: readonly string[]): string {
  return `${cells.map(toCell).join(',')}\r\n`;
}

/** Also behind blanks, which some spreadsheets pass over, and with the wide forms of these signs; by their numbers, see say.ts. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/;

function toCell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",;\t\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}
