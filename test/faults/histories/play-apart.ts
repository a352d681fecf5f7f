import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Tally, Wanted } from './play-many.ts';

/** Plays all of them at once, each in a process and on a PostgreSQL of its own. Throws when one of them ends without a word. */
export async function playApart(wanted: readonly Wanted[]): Promise<Tally[]> {
  return await Promise.all(wanted.map(oneApart));
}

function oneApart(wanted: Wanted): Promise<Tally> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.resolve('./play-process.ts')), [JSON.stringify(wanted)], { stdio: 'inherit' });
    let tally: Tally | null = null;
    child.once('message', (said) => {
      tally = said as Tally;
    });
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      tally ? resolve(tally) : reject(new Error(`a player ended with ${signal ?? code} and told nothing (seed ${wanted.seed})`)),
    );
  });
}
