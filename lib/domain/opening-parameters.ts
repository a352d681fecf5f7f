/**
 * Names under which a link carries what opens it: `accessToken` (CodeSignal), `authkey` (HackerRank), signatures of storage services.
 * Compared without separators and case.
 */
const OPENING = [
  'token',
  'key',
  'secret',
  'signature',
  'sig',
  'auth',
  'password',
  'passwd',
  'pwd',
  'jwt',
  'credential',
  'session',
];
/** Long random text in the place of a value opens something, whatever it is called. */
const LONG_SECRET = /^(?=.*\d)(?=.*[A-Za-z])[\w.~+/=-]{40,}$/;

/** Whether a parameter of a link opens what the link leads to. Pure. */
export function opensSomething(name: string, value: string): boolean {
  return isOpening(name) || LONG_SECRET.test(value);
}

function isOpening(name: string): boolean {
  const plain = name.replace(/[^a-z]/gi, '').toLowerCase();
  return OPENING.some((word) => plain === word || plain.endsWith(word) || (word.length > 3 && plain.includes(word)));
}

/** The parameters of a fragment, which some pages have behind a path of their own. */
export function parametersOfFragment(hash: string): URLSearchParams {
  return new URLSearchParams(hash.slice(hash.indexOf('?') + 1));
}
