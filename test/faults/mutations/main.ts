import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { writeWhole } from '../../checks/write-whole.ts';
import { MUTATIONS } from './index.ts';
import type { Mutation } from './mutation.ts';
import { type CheckEnd, runCheck } from './run-check.ts';
import { copyTree, placesOf, type TreeCopy } from './tree-copy.ts';
import { countEnds, keepCaught, reportOf, type Verdict, verdictOfMisplaced } from './verdicts.ts';

/**
 * `npm run mutations [-- --only R1,R4 --named "part of a name" --seed N --resume --dry]`: takes out one guard after another and runs the
 * checks that watch it, after all of them have been met with every guard in its place. `--resume` goes on where an earlier run was ended;
 * `--dry` only looks whether each guard still stands where the list says. Exit code 1 when a guard can be missing without a check that
 * says so: one that only breaks does not count, for it might have broken over something else. A run of all guards is kept in
 * .output/mutations.json, one of some in a file beside it (see verdicts.ts).
 */
const { values } = parseArgs({
  options: {
    ...{ only: { type: 'string' }, named: { type: 'string' }, seed: { type: 'string' } },
    ...{ resume: { type: 'boolean', default: false }, dry: { type: 'boolean', default: false } },
  },
});
const only = values.only?.split(',').map((id) => id.trim().toUpperCase());
const named = values.named ?? '';
const report = reportOf(values);
const seed = values.seed ? Number(values.seed) : Math.floor(Math.random() * 2 ** 31);
const chosen = MUTATIONS.filter(({ name, checks }) => name.includes(named) && (!only || checks.some((id) => only.includes(id))));

const misplaced = chosen.filter(({ file, find }) => placesOf('.', { file, find }) !== 1);
for (const { name, file } of misplaced) process.stdout.write(`NOT THERE  ${name}: ${file} has changed\n`);
if (misplaced.length > 0 || chosen.length === 0) process.exitCode = 1;
if (values.dry)
  process.stdout.write(`${chosen.length - misplaced.length} of ${chosen.length} guards stand where the list says\n`);
else await takeOutAll(chosen.filter((mutation) => !misplaced.includes(mutation)));

async function takeOutAll(mutations: readonly Mutation[]): Promise<void> {
  const earlier = values.resume ? keepCaught(readReport(), mutations) : [];
  const left = mutations.filter(({ name }) => !earlier.some(({ mutation }) => mutation === name));
  process.stdout.write(`seed ${seed}, ${left.length} guards${earlier.length > 0 ? `, ${earlier.length} caught before` : ''}\n`);
  const tree = copyTree();
  const verdicts = [...earlier, ...misplaced.map(({ name }) => verdictOfMisplaced(name))];
  try {
    const red = await controlRun(tree, left);
    writeWhole(report, verdicts);
    for (const mutation of left) {
      const checks = mutation.checks.filter((id) => !red.has(id));
      verdicts.push(await takeOut(tree, { ...mutation, checks }));
      writeWhole(report, verdicts);
    }
  } finally {
    tree.remove();
  }
  const { caught, broken, survived } = countEnds(verdicts);
  process.stdout.write(`${caught} caught, ${broken} only broke a check, ${survived} survived: ${report}\n`);
  if (caught < verdicts.length) process.exitCode = 1;
}

/** Checks that are red with all guards in their places: they would catch everything, so they are not asked. */
async function controlRun({ folder }: TreeCopy, mutations: readonly Mutation[]): Promise<Set<string>> {
  const red = new Set<string>();
  for (const id of [...new Set(mutations.flatMap(({ checks }) => checks))].toSorted()) {
    const { end, words } = await runCheck(folder, { id, seed });
    process.stdout.write(`nothing broken: ${id} ${end}${end === 'met' ? '' : ` ${words}`}\n`);
    if (end !== 'met') red.add(id);
  }
  return red;
}

/** Until one check has seen it. */
async function takeOut(copy: TreeCopy, mutation: Mutation): Promise<Verdict> {
  const mend = copy.breakGuard(mutation);
  const ends: { id: string; end: CheckEnd; words: string }[] = [];
  try {
    for (const id of mutation.checks) {
      const ended = await runCheck(copy.folder, { id, seed });
      ends.push({ id, ...ended });
      if (ended.end === 'missed') break;
    }
  } finally {
    mend();
  }
  const caughtBy = ends.filter(({ end }) => end === 'missed').map(({ id }) => id);
  const brokenBy = ends.filter(({ end }) => end === 'broke').map(({ id, words }) => `${id} ${words}`);
  if (ends.length === 0) brokenBy.push('its checks are red as it is');
  const shown = caughtBy.length > 0 ? caughtBy.join(', ') : brokenBy.length > 0 ? `broke: ${brokenBy.join('; ')}` : 'SURVIVED';
  process.stdout.write(`${mutation.name.padEnd(60)} ${shown}\n`);
  return { mutation: mutation.name, caughtBy, brokenBy };
}

function readReport(): Verdict[] {
  try {
    return JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    return [];
  }
}
