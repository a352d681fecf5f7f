import type { Stage } from '../support/stage.ts';
import { gatherEvidence } from './evidence.ts';
import { findDuplicated } from './find-duplicated.ts';
import { findLost } from './find-lost.ts';
import { findSilent } from './find-silent.ts';
import type { StoreReader } from './read-store.ts';
import type { Seeker } from './seekers.ts';

/** What is wrong, one sentence each, and how much there was to be wrong about. */
export interface Verdict {
  wrong: { lost: string[]; duplicated: string[]; silent: string[] };
  deliveries: number;
  invitations: number;
  unconfirmed: number;
  /** Also those that a later sign of life has settled. */
  everUnconfirmed: number;
}

/** Holds the outside world, the store and the panel against each other. */
export async function judge(
  stage: Pick<Stage, 'world' | 'api'>,
  reader: StoreReader,
  seekers: readonly Seeker[],
): Promise<Verdict> {
  const evidence = await gatherEvidence(stage, reader, seekers);
  const invitations = [...evidence.views.values()].flatMap((view) => view.invitations);
  return {
    wrong: { lost: findLost(evidence), duplicated: findDuplicated(evidence), silent: findSilent(evidence) },
    deliveries: evidence.sent.length,
    invitations: invitations.length,
    unconfirmed: invitations.filter(({ state }) => state === 'unconfirmed').length,
    everUnconfirmed: evidence.store.reasons.filter(({ code }) => code === 'invitation-unconfirmed').length,
  };
}

export function printRow(row: Record<string, number | string>): void {
  process.stdout.write(`${Object.keys(row).join(' | ')}\n${Object.values(row).join(' | ')}\n`);
}

/** The figures of a verdict under the names that people look for. */
export function toFigures({ wrong, deliveries, invitations, unconfirmed, everUnconfirmed }: Verdict): Record<string, number> {
  const { lost, duplicated, silent } = wrong;
  const counts = { lost: lost.length, duplicated: duplicated.length, silent: silent.length };
  return { deliveries, invitations, ...counts, unconfirmed, 'ever unconfirmed': everUnconfirmed };
}
