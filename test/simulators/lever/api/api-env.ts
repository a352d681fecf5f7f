import type { Context } from 'hono';
import type { LeverActs } from '../acts.ts';
import type { LeverApiKey } from '../types.ts';
import type { LeverWorld } from '../world.ts';

/** What every route of the API is given. */
export interface LeverApi extends LeverWorld {
  acts: LeverActs;
  /** Base address of the candidate pages, for `urls`. */
  pagesOrigin: string;
}

export interface LeverApiEnv {
  Variables: {
    key: LeverApiKey;
    /** The caller got no answer: it hung or its connection was cut. */
    lost?: boolean;
  };
}
export type LeverContext = Context<LeverApiEnv>;
