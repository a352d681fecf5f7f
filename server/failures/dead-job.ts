import { eq } from 'drizzle-orm';
import type { Services } from '../services.ts';
import { type Failure, failureKeys, noteFailure } from '../storage/failures.repository.ts';
import { applications, effects } from '../storage/schema.ts';

/** A job of the queue that was given up after its last attempt: which queue, and what it was about. */
export interface DeadJob {
  queue: string;
  about: string;
}

/** Nothing is given up silently: it stands on the failures list. What it was about may have been done by another job since. */
export function createNoteDeadJob(services: Services): (job: DeadJob) => Promise<void> {
  return async ({ queue, about }) => {
    const place = await placeOf(services, { queue, about });
    if (!place) return;
    const reason = { code: 'job-dead', values: { queue } };
    await noteFailure(services.db, services, { key: failureKeys.job(queue, about), kind: 'job', ...place, reason });
  };
}

/** Null when there is nothing left to do. */
async function placeOf(
  { db }: Services,
  { queue, about }: DeadJob,
): Promise<Pick<Failure, 'applicationKey' | 'connectionId'> | null> {
  if (queue === 'lane') {
    const [row] = await db.select().from(applications).where(eq(applications.key, about));
    return row ? { applicationKey: row.key, connectionId: row.connectionId } : null;
  }
  if (queue === 'effect') {
    const [row] = await db.select().from(effects).where(eq(effects.id, about));
    const isOver = row?.state !== 'queued' && row?.state !== 'calling';
    return isOver ? null : { applicationKey: row.applicationKey };
  }
  return queue === 'sweep' ? { connectionId: about } : {};
}
