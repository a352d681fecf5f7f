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

/**
 * A sentence of the catalogue with its gaps filled in, in one pass: a value that looks like a gap stays as it is.
 * @throws when the sentence has a gap that `values` leaves open, because half a sentence must never reach a recruiter.
 */
export function say(key: SayKey, values: Readonly<Record<string, string | number>> = {}): string {
  return sentenceOf(key).replace(/\{(\w+)\}/g, (_, gap: string) => {
    const value = Object.hasOwn(values, gap) ? values[gap] : undefined;
    if (value === undefined) throw new Error(`The sentence "${key}" needs a value for {${gap}}`);
    return String(value);
  });
}

function sentenceOf(key: string): string {
  let found: unknown = en;
  for (const step of key.replaceAll('-', '_').split('.')) {
    found = typeof found === 'object' && found !== null ? Reflect.get(found, step) : undefined;
  }
  if (typeof found !== 'string') throw new Error(`The catalogue has no sentence "${key}"`);
  return found;
}
