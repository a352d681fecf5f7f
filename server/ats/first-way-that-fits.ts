import type { CallFailure, CallResult } from '../outbound/outcome.ts';

/** `leftFor`: failures that the next way may not have. */
export interface Way<T> {
  pages(): AsyncIterable<CallResult<T[]>>;
  leftFor(failure: CallFailure): boolean;
}

/** A page is larger than we take. Nothing else is mended by smaller ones; a list that is too long would be longer still. */
export function isTooLarge(failure: CallFailure): boolean {
  return failure.kind === 'unreadable' && failure.tooMuch === 'page';
}

/**
 * The pages of a list, asked for in the first of these ways in which all of it can be read: without what the other side does not understand, or
 * with smaller pages where one is larger than we take. Each way begins anew, so that a row may come twice. What the last way fails with is told.
 */
export async function* firstWayThatFits<T>(ways: readonly Way<T>[]): AsyncGenerator<CallResult<T[]>> {
  for (const [index, way] of ways.entries()) {
    const isLast = index === ways.length - 1;
    let isLeft = false;
    for await (const page of way.pages()) {
      isLeft = !isLast && !page.ok && way.leftFor(page);
      if (isLeft) break;
      yield page;
    }
    if (!isLeft) return;
  }
}
