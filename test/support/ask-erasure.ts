import { randomUUID } from 'node:crypto';
import { requestErasure } from '../../server/erasure/request-erasure.ts';
import type { Pipeline } from './pipeline.ts';

/** As an admin asks for it, who knows the person by some ids. Answers the erasure's id. */
export function askErasure(p: Pipeline, subject: { applicationIds?: string[]; candidateIds?: string[] }): Promise<string> {
  return p.db.transaction((tx) =>
    requestErasure(tx, p.parts, {
      connectionId: p.atsConnectionId,
      subject: { applicationIds: [], candidateIds: [], goneCandidateIds: [], ...subject },
      askedBy: 'admin',
      memberId: randomUUID(),
    }),
  );
}

/** Also what follows from what the lanes decide first. */
export async function settleTwice(p: Pipeline): Promise<void> {
  await p.settle();
  await p.settle();
}
