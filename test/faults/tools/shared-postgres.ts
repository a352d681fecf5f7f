import { startThrowawayPostgres, type ThrowawayPostgres } from '../../support/throwaway-postgres.ts';

let started: Promise<ThrowawayPostgres> | undefined;

/** One PostgreSQL for all checks of a run, started by the first that asks. */
export function sharedPostgres(): Promise<ThrowawayPostgres> {
  started ??= startThrowawayPostgres();
  return started;
}

/** At the end of the run; nothing when no check asked for one. */
export async function stopSharedPostgres(): Promise<void> {
  await (await started)?.stop();
}
