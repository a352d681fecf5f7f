import type { Services } from '../services.ts';
import { LEASE_MS, renewLease } from '../storage/lease.ts';

/**
 * No round that is still going on lasts as long; one that does hangs, by a fault of ours. The longest honest one, if every call is answered at
 * the last moment (3 s until the allowance lets it go, 20 s for the answer): ten calls for the application, and one to the vendor for each of
 * the 50 inputs of a round, are some 23 minutes. This is more than twice that: given up in error, such a round would begin anew and never end.
 */
const HANGS_AFTER_MS = 60 * 60_000;

export interface LeaseTimes {
  everyMs: number;
  /** For so long one round is waited for. */
  hangsAfterMs: number;
}

const LEASE_TIMES: LeaseTimes = { everyMs: LEASE_MS / 4, hangsAfterMs: HANGS_AFTER_MS };

/** The lane is let go of, though the work in it has not ended. */
export class LaneHangs extends Error {
  override readonly name = 'LaneHangs';
}

/** Holds on to a lane for as long as its work takes, so that a lease can be short and a dead holder costs little. */
export interface KeptLease {
  /** The next round begins: the time after which it counts as hanging runs anew. */
  begins(): void;
  /** Rejects with LaneHangs when a round has taken too long: from then on nothing is renewed. Never resolves. */
  hangs: Promise<never>;
  /** No more renewals; resolves when the one under way has ended, so that none comes after the release. */
  stop(): Promise<void>;
}

/**
 * Renews again and again, until stopped or until a round hangs, which is logged as an error. A renewal that fails is only logged: should the
 * lease run out meanwhile, somebody else takes over and our commit is refused.
 */
export function keepLease(
  services: Services,
  key: string,
  token: string,
  { everyMs, hangsAfterMs }: LeaseTimes = LEASE_TIMES,
): KeptLease {
  let underWay: Promise<unknown> = Promise.resolve();
  // By turns and not by a clock: a process that stood still for an hour has not worked for an hour.
  let turns = 0;
  const { promise: hangs, reject } = Promise.withResolvers<never>();
  // Whoever has ended before asks no more.
  hangs.catch(() => undefined);
  const giveUp = () => {
    clearInterval(timer);
    services.log.error({ application: key, afterMs: hangsAfterMs }, 'the work on an application hangs; its lane is let go of');
    reject(new LaneHangs(`no end after ${hangsAfterMs} ms`));
  };
  const renew = () => {
    turns += 1;
    if (turns * everyMs > hangsAfterMs) return giveUp();
    underWay = renewLease(services.db, key, token, services.clock.now()).catch((error: unknown) => {
      services.log.warn({ err: error, application: key }, 'a lease was not renewed');
    });
  };
  const timer = setInterval(renew, everyMs);
  return {
    begins() {
      turns = 0;
    },
    hangs,
    async stop() {
      clearInterval(timer);
      await underWay;
    },
  };
}
