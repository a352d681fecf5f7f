import type { Services } from '../services.ts';
import { LEASE_MS, renewLease } from '../storage/lease.ts';

/** Holds on to a lane for as long as its work takes, so that a lease can be short and a dead holder costs little. */
export interface KeptLease {
  /** No more renewals; resolves when the one under way has ended, so that none comes after the release. */
  stop(): Promise<void>;
}

/**
 * Renews again and again until stopped. A renewal that fails is only logged: should the lease run out meanwhile, somebody else takes
 * over and our commit is refused.
 */
export function keepLease(services: Services, key: string, token: string, everyMs = LEASE_MS / 4): KeptLease {
  let underWay: Promise<unknown> = Promise.resolve();
  const renew = () => {
    underWay = renewLease(services.db, key, token, services.clock.now()).catch((error: unknown) => {
      services.log.warn({ err: error, application: key }, 'a lease was not renewed');
    });
  };
  const timer = setInterval(renew, everyMs);
  return {
    async stop() {
      clearInterval(timer);
      await underWay;
    },
  };
}
