import { and, eq, inArray, sql } from 'drizzle-orm';
import { faultName } from '../failures/fault-name.ts';
import type { Services, Transaction } from '../services.ts';
import { failureKeys, noteFailure, PUT_RIGHT_BY_ROUND } from '../storage/failures.repository.ts';
import type { ApplicationRow, Case } from '../storage/load-case.ts';
import { applications, failures, inputs } from '../storage/schema.ts';
import { announce } from './announce.ts';
import { LANE_UNREADABLE } from './lasting-trouble.ts';

/** Written where an application's row says why it could not be read: it is we who fail on it, and how often in a row we have. */
const FAULT = 'fault';
/** From so many on a person is told; an input that is at fault is put aside then. */
const TRIES_MAX = 3;
const PAUSE_MS = { first: 2_000, most: 60 * 60_000 };

/** True while Tagalong itself fails on this application. */
export function isFault(readTrouble: string | null): boolean {
  return readTrouble?.split(' ')[0] === FAULT;
}

function faultsInARow(readTrouble: string | null): number {
  return isFault(readTrouble) ? Math.max(Math.trunc(Number(readTrouble?.split(' ')[1])) || 1, 1) : 0;
}

/** What fails again and again: single inputs, or, without any, the application itself. */
export interface Fault {
  inputs: readonly Case['inputs'][number][];
  error: unknown;
}

/**
 * Counts the fault and sets the time of the next try, on condition that the lane is still the caller's. After a few it stands on the failures
 * list: an input is put aside, so that it is tried no more, and an application is tried seldom, and whenever something new is told of it.
 * Either is announced, because somebody may be waiting for just that click.
 */
export async function noteFault(
  services: Services,
  { row, token, fault }: { row: ApplicationRow; token: string; fault: Fault },
): Promise<void> {
  const { clock, db } = services;
  const count = faultsInARow(row.readTrouble) + 1;
  const isOver = count >= TRIES_MAX;
  const putsAside = isOver && fault.inputs.length > 0;
  const pauseMs = Math.min(PAUSE_MS.first * 4 ** Math.min(count - 1, 10), PAUSE_MS.most);
  await db.transaction(async (tx) => {
    const [own] = await tx
      .update(applications)
      .set(
        putsAside
          ? { version: sql`${applications.version} + 1` }
          : {
              readTrouble: `${FAULT} ${count}`,
              dueAt: new Date(clock.now().getTime() + pauseMs),
              version: sql`${applications.version} + 1`,
            },
      )
      .where(and(eq(applications.key, row.key), eq(applications.leaseToken, token)))
      .returning({ version: applications.version });
    if (!own) return;
    if (putsAside)
      await tx
        .update(inputs)
        .set({ handledAt: clock.now() })
        .where(
          inArray(
            inputs.id,
            fault.inputs.map(({ id }) => id),
          ),
        );
    await list(tx, services, { row, fault, isOver });
    await announce(tx, { key: row.key, version: own.version });
  });
}

async function list(
  tx: Transaction,
  services: Services,
  { row, fault, isOver }: { row: ApplicationRow; fault: Fault; isOver: boolean },
): Promise<void> {
  const common = {
    kind: 'job' as const,
    applicationKey: row.key,
    connectionId: row.connectionId,
    state: isOver ? ('open' as const) : ('retried' as const),
  };
  const name = faultName(fault.error);
  if (fault.inputs.length === 0)
    await noteFailure(tx, services, {
      ...common,
      key: failureKeys.job('lane', row.key),
      reason: { code: 'lane-failed', values: { fault: name } },
    });
  for (const { id, input } of fault.inputs)
    await noteFailure(tx, services, {
      ...common,
      key: failureKeys.input(id),
      reason: { code: 'input-failed', values: { input: String(input.kind), fault: name } },
    });
}

/**
 * A round came through: what was being tried again has worked; what was put aside stays for a person. That the ATS could not be read is over
 * only when it was (`isRead`).
 */
export async function endFault(
  tx: Transaction,
  { clock }: Services,
  { row, hasFault }: Pick<Case, 'row' | 'hasFault'>,
  { isRead }: { isRead: boolean },
): Promise<void> {
  if (!hasFault) return;
  const isOver = isRead ? undefined : sql`${failures.reason} ->> 'code' <> ${LANE_UNREADABLE}`;
  await tx
    .update(failures)
    .set({ state: 'settled', closedAt: clock.now() })
    .where(and(eq(failures.applicationKey, row.key), PUT_RIGHT_BY_ROUND, isOver));
}
