import { mkdirSync, writeFileSync } from 'node:fs';

/** One proof: what was asked, how far it got, and whether the target was met. The ids are those of the reliability section. */
export interface CheckRow {
  id: string;
  what: string;
  /** The size the proof is meant to have, and the one it had this time. */
  asked: string;
  reached: string;
  figure: string;
  target: string;
  met: boolean;
}

export interface Check {
  id: string;
  what: string;
  /** It measures times, so that nothing else runs beside it; `full`: at that size it has work for all cores. */
  alone?: true | 'full';
  /** Its target is a rate, which other work on the machine lowers: at size small only where it is asked for by name. */
  onlyNamed?: true;
  run(given: CheckRun): Promise<CheckRow[]>;
}

export interface CheckRun {
  /** Of every random choice; printed, and to be given back. */
  seed: number;
  size: 'small' | 'full';
  say(line: string): void;
}

/** Prints one line per row and writes the same as JSON; true when every target was met. */
export function reportChecks(rows: readonly CheckRow[], file: 'faults.json' | 'bench.json'): boolean {
  for (const { id, what, asked, reached, figure, target, met } of rows)
    process.stdout.write(
      `${met ? 'met   ' : 'MISSED'} ${id.padEnd(4)} ${what}: ${figure} (target ${target}; ${reached}, asked ${asked})\n`,
    );
  mkdirSync('.output', { recursive: true });
  writeFileSync(`.output/${file}`, `${JSON.stringify(rows, null, 2)}\n`);
  return rows.length > 0 && rows.every((row) => row.met);
}
