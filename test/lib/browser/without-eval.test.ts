import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withoutEval } from '../../../lib/browser/without-eval.ts';

const util = new URL('../../../node_modules/zod/v4/core/util.js', import.meta.url).pathname;

test('the extension carries no code that evaluates text', () => {
  const code = withoutEval().transform(readFileSync(util, 'utf8'), util);
  expect(code).not.toMatch(/new F\(/);
  expect(withoutEval().transform('new Function("")', 'other.js')).toBeUndefined();
});

test('a zod that probes in another way stops the build instead of slipping through', () => {
  expect(() => withoutEval().transform('try { Function("x") } catch {}', util)).toThrow(/without-eval/);
});
