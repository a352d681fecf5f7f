import type { CallFailure, CallResult } from '../outbound/outcome.ts';

/**
 * The pages of a list, asked for in the first of these ways in which all of it can be read: without what the other side refuses, or with smaller
 * pages where one is larger than we take. Each way begins anew, so that a row may come twice. What the last way fails with is told.
 */
export async function* firstWayThatFits<T>(
  ways: readonly (() => AsyncIterable<CallResult<T[]>>)[],
): AsyncGenerator<CallResult<T[]>> {
  for (const [index, pagesOf] of ways.entries()) {
    const isLast = index === ways.length - 1;
    let isUnfit = false;
    for await (const page of pagesOf()) {
      isUnfit = !isLast && !page.ok && isOfThisWay(page);
      if (isUnfit) break;
      yield page;
    }
    if (!isUnfit) return;
  }
}

/** A list that is too long would be longer still with smaller pages. */
function isOfThisWay(failure: CallFailure): boolean {
  return failure.kind === 'refused' || (failure.kind === 'unreadable' && failure.tooMuch !== 'list');
}
