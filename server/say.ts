import en from '../locales/en.json' with { type: 'json' };

/** The parts of the catalogue that only the server speaks; their gaps are named, `{assessment}`, not `$1`. */
type ServerSection = 'reason' | 'note' | 'mail' | 'error' | 'server';

/** Browsers refuse hyphens in message names, so the catalogue writes `no_connection` for the code `no-connection`. */
type Hyphened<Key extends string> = Key extends `${infer Head}_${infer Tail}` ? `${Head}-${Hyphened<Tail>}` : Key;
type LeavesOf<Tree> = {
  [Key in keyof Tree & string]: Tree[Key] extends string ? Hyphened<Key> : `${Hyphened<Key>}.${LeavesOf<Tree[Key]>}`;
}[keyof Tree & string];

/** Every sentence there is; a key that is missing in the catalogue does not compile. */
export type SayKey = { [Section in ServerSection]: `${Section}.${LeavesOf<(typeof en)[Section]>}` }[ServerSection];

/** Gaps that are filled with what somebody else said, mostly a sentence and often without its full stop. */
const SAID: ReadonlySet<string> = new Set(['because', 'detail', 'failure', 'fault', 'reason', 'summary', 'trouble', 'why']);

/**
 * A sentence of the catalogue with its gaps filled in, in one pass: a value that looks like a gap stays as it is. What somebody else said ends
 * with a full stop where our sentence ends with it, or goes on with another one.
 * @throws when the sentence has a gap that `values` leaves open, because half a sentence must never reach a recruiter.
 */
export function say(key: SayKey, values: Readonly<Record<string, string | number>> = {}): string {
  const sentence = sentenceOf(key);
  return sentence.replace(/\{(\w+)\}/g, (whole, gap: string, at: number) => {
    const value = Object.hasOwn(values, gap) ? values[gap] : undefined;
    if (value === undefined) throw new Error(`The sentence "${key}" needs a value for {${gap}}`);
    return SAID.has(gap) && standsAlone(sentence, at, at + whole.length) ? withFullStop(String(value)) : String(value);
  });
}

function standsAlone(sentence: string, from: number, to: number): boolean {
  return /[.:] $/.test(sentence.slice(0, from)) && /^(\s|$)/.test(sentence.slice(to));
}

/** The signs of print by their numbers: in a pattern they would stay as they are, and make the whole source of the server (see bundle/) twice as wide. */
function withFullStop(said: string): string {
  const text = said.trimEnd();
  return text === '' || /[.!?\u2026]["'\u201d\u2019)\]]*$/.test(text) ? text : `${text}.`;
}

function sentenceOf(key: string): string {
  let found: unknown = en;
  for (const step of key.replaceAll('-', '_').split('.')) {
    found = typeof found === 'object' && found !== null ? Reflect.get(found, step) : undefined;
  }
  if (typeof found !== 'string') throw new Error(`The catalogue has no sentence "${key}"`);
  return found;
}
