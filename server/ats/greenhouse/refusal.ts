import type { CallResult } from '../../outbound/outcome.ts';
import type { GreenhouseApplication } from './schemas.ts';

/** Our own no, before Greenhouse is asked: what was decided upon is not so any more. */
export function refuse(detail: string): CallResult<never> {
  return { ok: false, kind: 'refused', status: 409, detail };
}

/** Greenhouse moves, rejects and hires only those who are in process; `converted` is a prospect that lives on elsewhere. */
export function refuseUnlessInProcess({
  status,
  prospect,
}: Pick<GreenhouseApplication, 'status' | 'prospect'>): CallResult<never> | undefined {
  if (status !== 'in_process' && status !== 'active') return refuse(`The application is ${status} by now`);
  return prospect ? refuse('The application is a prospect’s') : undefined;
}
