import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { createWords } from '../../../lib/browser/words.ts';

const catalogue = z
  .record(z.string(), z.union([z.string(), z.record(z.string(), z.unknown())]))
  .parse(JSON.parse(readFileSync(new URL('../../../locales/en.json', import.meta.url), 'utf8')));

/** The real sentences, found the way the browser finds them. A missing one comes back as its name. */
export const words = createWords((name, substitutions = []) => {
  const [section = '', ...rest] = name.split('_');
  const part = catalogue[section];
  const sentence = typeof part === 'object' ? part[rest.join('_')] : part;
  return typeof sentence === 'string' ? sentence.replace(/\$(\d)/g, (_gap, place) => substitutions[Number(place) - 1] ?? '') : '';
});
