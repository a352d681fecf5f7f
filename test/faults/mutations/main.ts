import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { MUTATIONS } from './index.ts';
import type { Mutation } from './mutation.ts';
import { type CheckEnd, runCheck } from './run-check.ts';
import { copyTree, type TreeCopy } from './tree-copy.ts';

/**
 * `npm run mutations [-- --only R1,R4 --seed N]`: takes out one guard after another and runs the checks that watch it, after all of them
 * have been met with every guard in its place. Exit code 1 when a guard can be missing without any check noticing.
 */
const { values } = parseArgs({ options: { only: { type: 'string' }, seed: { type: 'string' } } });
const only = values.only?.split(',').map((id) => id.trim().toUpperCase());
const seed = values.seed ? Number(values.seed) : Math.floor(Math.random() * 2 ** 31);
const chosen = MUTATIONS.filter(({ checks }) => !only || checks.some((id) => only.includes(id)));

interface Verdict {
  mutation: string;
  /** Ids of the checks that missed their target. */
  caughtBy: string[];
  /** Ids of those that did not get to their end, which shows it too, but not where. */
  brokenBy: string[];
}

process.stdout.write(`seed ${seed}, ${chosen.length} guards\n`);
const tree = copyTree();
try {
  const control = await controlRun(tree);
  const verdicts = control ? await takeOutEach(tree) : [];
  mkdirSync('.output', { recursive: true });
  writeFileSync('.output/mutations.json', `${JSON.stringify(verdicts, null, 2)}\n`);
  const survivors = verdicts.filter(({ caughtBy, brokenBy }) => caughtBy.length + brokenBy.length === 0);
  process.stdout.write(`${verdicts.length - survivors.length} caught, ${survivors.length} survived\n`);
  if (verdicts.length === 0 || survivors.length > 0) process.exitCode = 1;
} finally {
  tree.remove();
}

/** A check that is red with its guards in place would catch everything. */
async function controlRun({ folder }: TreeCopy): Promise<boolean> {
  const ids = [...new Set(chosen.flatMap(({ checks }) => checks))].toSorted();
  let clean = true;
  for (const id of ids) {
    const end = await runCheck(folder, { id, seed });
    process.stdout.write(`nothing broken: ${id} ${end}\n`);
    if (end !== 'met') clean = false;
  }
  return clean;
}

async function takeOutEach(copy: TreeCopy): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const mutation of chosen) {
    const verdict = await takeOut(copy, mutation);
    const { caughtBy, brokenBy } = verdict;
    const shown = caughtBy.length > 0 ? caughtBy.join(', ') : brokenBy.length > 0 ? `${brokenBy.join(', ')} (broke)` : 'SURVIVED';
    process.stdout.write(`${mutation.name.padEnd(60)} ${shown}\n`);
    verdicts.push(verdict);
  }
  return verdicts;
}

/** Until one check has seen it. */
async function takeOut(copy: TreeCopy, mutation: Mutation): Promise<Verdict> {
  const mend = copy.breakGuard(mutation);
  const ends = new Map<string, CheckEnd>();
  try {
    for (const id of mutation.checks) {
      const end = await runCheck(copy.folder, { id, seed });
      ends.set(id, end);
      if (end === 'missed') break;
    }
  } finally {
    mend();
  }
  const ended = (how: CheckEnd) => [...ends].filter(([, end]) => end === how).map(([id]) => id);
  return { mutation: mutation.name, caughtBy: ended('missed'), brokenBy: ended('broke') };
}
