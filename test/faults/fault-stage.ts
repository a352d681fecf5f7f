import { type Stage, startStage } from '../support/stage.ts';

/** A server in a world that lets it work as fast as it can, with the rule that moves people on, so that moves are seen too. */
export function startFaultStage(name: string): Promise<Stage> {
  return startStage({
    name,
    world: { greenhouse: { rateLimit: 100_000, tokenRateLimit: 100_000 }, lever: { rateLimit: null } },
    setUp: { rules: { advanceOnPass: true, tagRecheckSeconds: 1 } },
  });
}
