import { writeWhole } from './write-whole.ts';

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
  /**
   * How much was lost, done twice, silent or false. 0 in a row that missed its target: what it missed is a time, or how many tries fit into
   * it. Left out: nobody told these apart, so that a target that was missed counts as something wrong.
   */
  wrong?: number;
  /** Says whether the check tried what it is there for, and nothing of what it checks: no guard is caught by it alone. */
  ofItself?: true;
  /** Of a check that missed a target: the last of what it said, which is mostly why. */
  said?: readonly string[];
}

export interface Check {
  id: string;
  what: string;
  /** It measures times, so that nothing else runs beside it; `full`: at that size it has work for all cores. */
  alone?: true | 'full';
  /** Its target is a rate, which other work on the machine lowers: at size small only where it is asked for by name. */
  onlyNamed?: true;
  /**
   * How long its tries are to take; what it sets up for them, and the one it is at when that is over, come on top. Where it tries a fixed
   * number: how long all of it is to take on two cores.
   */
  budgetMs?: Partial<Record<CheckRun['size'], number>>;
  run(given: CheckRun): Promise<CheckRow[]>;
}

export interface CheckRun {
  /** Of every random choice; printed, and to be given back. */
  seed: number;
  size: 'small' | 'full';
  /** Of the time that the run as a whole is asked to take, what was left when this check began; less than 0 when it is over. Null: none is asked. */
  leftMs: number | null;
  say(line: string): void;
}

/** The verdicts of a run, which are printed and written as they come: what ends the run in the middle does not take them along. */
export interface CheckReport {
  /** The rows of one check that has ended. */
  add(check: Check, rows: readonly CheckRow[]): void;
  /** Prints all of them, in the order of the checks, and writes them without the row that says that this is not all; true when every target was met. */
  end(): boolean;
}

/** `.output/<file>` is a list of rows, whole at every moment; until the run has come to its end the last row says that it has not. */
export function openReport(checks: readonly Check[], file: 'faults.json' | 'bench.json'): CheckReport {
  const ended = new Map<Check, readonly CheckRow[]>();
  const inOrder = () => checks.flatMap((check) => ended.get(check) ?? []);
  const write = (rows: readonly CheckRow[]) => writeWhole(`.output/${file}`, rows);
  write([notAtItsEnd(0, checks.length)]);
  return {
    add(check, rows) {
      ended.set(check, rows);
      print(rows);
      write([...inOrder(), notAtItsEnd(ended.size, checks.length)]);
    },
    end() {
      const rows = inOrder();
      print(rows);
      write(rows);
      return rows.length > 0 && rows.every((row) => row.met);
    },
  };
}

function print(rows: readonly CheckRow[]): void {
  for (const { id, what, asked, reached, figure, target, met } of rows)
    process.stdout.write(
      `${met ? 'met   ' : 'MISSED'} ${id.padEnd(4)} ${what}: ${figure} (target ${target}; ${reached}, asked ${asked})\n`,
    );
}

/** A row like any other, so that nobody takes the rows before it for a run that met all its targets. */
function notAtItsEnd(ended: number, all: number): CheckRow {
  return {
    ...{ id: 'RUN', what: 'the run as a whole', asked: `${all} checks`, reached: `${ended}` },
    ...{ figure: 'broke: when this was written it had not come to its end', target: 'to run through', met: false },
  };
}
