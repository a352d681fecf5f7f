import type { Player } from '../histories/cast.ts';
import type { CrowdStage } from './crowd-people.ts';

/**
 * Sees whether what an accident is for did come about: it was carried out outside, was not recorded, and then somebody took it up again. Told
 * by what was seen outside and by who begins an effect, never by what the code under test made of it.
 */
export interface SecondLooks {
  /** This effect of theirs met their accident. */
  cutOff(effectId: string, player: Player): void;
  /** Somebody begins this effect, perhaps once more. */
  begins(effectId: string): void;
  /** Whoever we move on from this stage will be brought back to it, before anybody looks what became of the call. */
  returns(player: Player, to: CrowdStage): void;
  /** A person brings back those who have been moved on by now. */
  bringBack(): void;
  /** Those for whom it came about. */
  cameAbout(): ReadonlySet<Player>;
}

export function createSecondLooks(): SecondLooks {
  const cut = new Map<string, Player>();
  const returning = new Map<Player, CrowdStage>();
  const cameAbout = new Set<Player>();
  return {
    cutOff: (effectId, player) => void cut.set(effectId, player),
    begins(effectId) {
      const player = cut.get(effectId);
      const done = Object.keys(player?.carriedOut.get(effectId) ?? {});
      if (!player || done.length === 0) return;
      const to = returning.get(player);
      if (to === undefined || player.applications[0]?.standing().stage === to) cameAbout.add(player);
    },
    returns: (player, to) => void returning.set(player, to),
    bringBack() {
      for (const [{ applications }, to] of returning) applications[0]?.act({ kind: 'move', to });
    },
    cameAbout: () => cameAbout,
  };
}
