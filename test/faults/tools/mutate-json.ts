import type { SeededRandom } from '../seeded-random.ts';

/** What a system that is broken or hostile may put in the place of any value, as it stands in the JSON text. */
export const ODD: readonly string[] = [
  ...['null', 'true', 'false', '""', '"text"', '0', '-1', '1.5', '1e999', '-0', '[]', '{}', '[null]', '[[]]', '{"id":null}'],
  ...['9007199254740993', '92233720368547758079999', '-9007199254740995', '"9007199254740993"', '1e21', '8640000000000001'],
  ...['"\\ud800"', '"\\u0000"', '"<img src=x onerror=alert(1)>"', '"2026-99-99T99:99:99Z"', '"0000-00-00"', '"../../x"'],
  ...['{"__proto__":{"id":1}}', '{"constructor":{"prototype":{"ok":true}}}', '{"toString":1}', '{"length":9007199254740993}'],
  `"${'a'.repeat(100_000)}"`,
  `${'['.repeat(3000)}${']'.repeat(3000)}`,
  `${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}`,
];

/** Instead of the whole body. */
const WHOLE: readonly ((text: string) => string)[] = [
  () => '',
  () => 'null',
  () => '[]',
  () => '{}',
  () => '"text"',
  () => '<!doctype html><h1>We will be right back</h1>',
  (text) => text.slice(0, Math.floor(text.length / 2)),
  (text) => `[${text}]`,
  (text) => `{"data":${text || 'null'}}`,
  (text) => `\ufeff${text}`,
  (text) => `${text}${text}`,
  (text) => JSON.stringify(text),
];

export interface Mutated {
  text: string;
  /** What was done, for a replay by hand. */
  what: string;
}

/**
 * One text with one to three things wrong: a value of another type, huge, missing, nested too deep, doubled, or the id of somebody
 * else (`swaps`). A text that is no JSON is replaced as a whole.
 */
export function mutateJson(text: string, random: SeededRandom, swaps: readonly (readonly [string, string])[] = []): Mutated {
  const value = tryParse(text);
  if (value === undefined || random.chance(0.04)) {
    const index = random.int(0, WHOLE.length - 1);
    return { text: WHOLE[index]?.(text) ?? '', what: `whole ${index}` };
  }
  const swap = swaps.length > 0 && random.chance(0.15) ? random.pick(swaps) : undefined;
  if (swap) return { text: text.replaceAll(swap[0], swap[1]), what: `swapped ${swap[0]} for ${swap[1]}` };
  const raws: string[] = [];
  const done: string[] = [];
  let root: unknown = value;
  for (let count = random.int(1, 3); count > 0; count -= 1) {
    const places = placesOf(root);
    if (places.length === 0) {
      root = hold(random.pick(ODD), raws);
      done.push('the whole value');
      break;
    }
    const { holder, key } = random.pick(places);
    done.push(spoil(holder, key, { random, raws }));
  }
  const written = JSON.stringify(root) ?? 'null';
  return {
    text: written.replace(PLACEHOLDER, (_all, index) => raws[Number(index)] ?? 'null'),
    what: done.join(', '),
  };
}

type Holder = Record<string, unknown> | unknown[];

function spoil(holder: Holder, key: string, { random, raws }: { random: SeededRandom; raws: string[] }): string {
  const set = (value: unknown) =>
    Object.defineProperty(holder, key, { value, enumerable: true, writable: true, configurable: true });
  const old: unknown = Reflect.get(holder, key);
  const how = random.int(0, 9);
  if (how <= 5) {
    const raw = random.pick(ODD);
    set(hold(raw, raws));
    return `${key} = ${raw.slice(0, 40)}`;
  }
  if (how === 6 && !Array.isArray(holder)) {
    delete holder[key];
    return `${key} gone`;
  }
  if (how === 7) {
    set([old]);
    return `${key} in a list`;
  }
  if (how === 8) {
    set(typeof old === 'object' ? JSON.stringify(old) : String(old));
    return `${key} as text`;
  }
  set({ id: old, value: old });
  return `${key} in an object`;
}

const PLACEHOLDER = /"@raw (\d+)@"/g;

/** A placeholder that is replaced by the raw text once all is written. */
function hold(raw: string, raws: string[]): string {
  raws.push(raw);
  return `@raw ${raws.length - 1}@`;
}

function placesOf(value: unknown, depth = 0): { holder: Holder; key: string }[] {
  if (typeof value !== 'object' || value === null || depth > 12) return [];
  const holder = value as Holder;
  return Object.entries(holder).flatMap(([key, inner]) => [{ holder, key }, ...placesOf(inner, depth + 1)]);
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
