import type { Hono } from 'hono';
import type { Journal } from './journal.ts';

/**
 * A strict stand-in for one system of the outside world. Built from the published facts, sharing no code with `server/`, and
 * refusing whatever the real one would refuse.
 */
export interface Simulator {
  name: 'greenhouse' | 'lever' | 'coderbyte' | 'mail' | 'byteboard' | 'hackerrank' | 'codesignal' | 'partner';
  /** The API host: what the server under test calls. */
  api: Hono;
  /** The pages a browser loads (ATS candidate pages); absent where there are none. */
  pages?: Hono;
  /** `/control/...`: lets a person or a test play the other side (move, tag, archive, finish a test, fail the next call). */
  control: Hono;
  journal: Journal;
  /** Deliveries still being sent are awaited. */
  settle(): Promise<void>;
}
