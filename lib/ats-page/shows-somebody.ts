/**
 * Addresses that name somebody: by a number at Greenhouse, by a UUID at Lever, so that the two cannot be taken for each
 * other. Exactly where the parsers beside this find a candidate or a contradiction; a test holds them together. The content script has
 * this instead of the parsers, because every ATS page pays for its bytes.
 */
const NAMED =
  /^(\/guides\/\d+)?\/(people|candidates|applications)\/[1-9]\d{0,18}(\/|$)|\/(candidates|opportunities)\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![^/])/i;

/** Greenhouse's Application Review swaps the candidate in place, and its address never names one. */
const IN_DOCUMENT = /^\/applications\/review\/app_review/;

export function namesSomebody({ pathname }: { pathname: string }): boolean {
  return NAMED.test(pathname);
}

export function showsSomebodyInside({ pathname }: { pathname: string }): boolean {
  return IN_DOCUMENT.test(pathname);
}
