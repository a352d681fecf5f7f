import { toLine } from '../to-line.ts';

const MAX_NAME = 100;

/**
 * First and last name, neither of which is needed (https://github.com/CodeSignal/developer-docs, docs/graphql/types/testsessioninput.doc.html).
 * Without links and HTML, because CodeSignal puts them into an e-mail.
 */
export function toNames(name: string | null): { candidateFirstName?: string; candidateLastName?: string } {
  const [first, ...rest] = toLine(name, 2 * MAX_NAME)?.split(' ') ?? [];
  const last = rest.join(' ').slice(0, MAX_NAME).toWellFormed().trim();
  return {
    ...(first && { candidateFirstName: first.slice(0, MAX_NAME).toWellFormed() }),
    ...(last && { candidateLastName: last }),
  };
}
