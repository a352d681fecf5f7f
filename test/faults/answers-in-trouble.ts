/** What senders were answered while the store could not store. */
export interface Answers {
  /** How often each status; `null`: no answer came. */
  byStatus: Record<string, number>;
  /** Those with 503 that did not say when to come again: an ATS that reads it would come too early, or too late. */
  withoutRetryAfter: number;
}

export const noAnswers = (): Answers => ({ byStatus: {}, withoutRetryAfter: 0 });

export function countAnswer(all: Answers, { status, retryAfter }: { status: number | null; retryAfter: string | null }): void {
  all.byStatus[String(status)] = (all.byStatus[String(status)] ?? 0) + 1;
  if (status === 503 && retryAfter === null) all.withoutRetryAfter += 1;
}

export function addAnswers(all: Answers, more: Answers): void {
  for (const [status, times] of Object.entries(more.byStatus)) all.byStatus[status] = (all.byStatus[status] ?? 0) + times;
  all.withoutRetryAfter += more.withoutRetryAfter;
}

/** Those that were neither a 503 with Retry-After nor one of `others`, which say that it was stored after all. */
export function countWrong({ byStatus, withoutRetryAfter }: Answers, others: readonly string[] = []): number {
  const odd = Object.entries(byStatus).filter(([status]) => status !== '503' && !others.includes(status));
  return odd.reduce((sum, [, times]) => sum + times, withoutRetryAfter);
}

export const tellAnswers = ({ byStatus, withoutRetryAfter }: Answers): string =>
  [
    ...Object.entries(byStatus).map(([status, times]) => `${times} times ${status}`),
    ...(withoutRetryAfter > 0 ? [`${withoutRetryAfter} WITHOUT Retry-After`] : []),
  ].join(', ');
