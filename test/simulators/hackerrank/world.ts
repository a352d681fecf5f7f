import type { CandidateMails } from '../frame/candidate-mails.ts';
import type { Journal } from '../frame/journal.ts';
import { NotThere } from '../frame/problems.ts';
import type { Random } from '../frame/random.ts';
import type { HackerrankSettings } from './settings.ts';
import type { HackerrankCandidate, HackerrankInterview, HackerrankTest } from './types.ts';

/** One HackerRank for Work account, and what every part of the simulator is given. */
export interface HackerrankWorld {
  apiKey: string;
  settings: HackerrankSettings;
  tests: Map<string, HackerrankTest>;
  /** Oldest first. */
  candidates: HackerrankCandidate[];
  interviews: HackerrankInterview[];
  mails: CandidateMails;
  /** Where the pages are, as in "https://www.hackerrank.com". */
  pagesOrigin: string;
  journal: Journal;
  now(): Date;
  random: Random;
  /** Posts the report to the address that came with the invitation, if one did. */
  tellResult(candidate: HackerrankCandidate): void;
  tellInterview(interview: HackerrankInterview): void;
}

/** Of this account. @throws NotThere, for another account's test too */
export function testOf({ tests }: HackerrankWorld, id: string): HackerrankTest {
  const found = tests.get(id);
  if (!found || found.foreign) throw new NotThere('test does not exist');
  return found;
}

/** @throws NotThere */
export function candidateOf({ candidates, settings }: HackerrankWorld, id: string, testId?: string): HackerrankCandidate {
  const found = candidates.find((one) => one.id === id && (testId === undefined || one.testId === testId));
  if (!found || (found.isCancelled && settings.cancelled === 'gone')) throw new NotThere('candidate does not exist');
  return found;
}

/** @throws NotThere */
export function interviewOf({ interviews }: HackerrankWorld, id: string): HackerrankInterview {
  const found = interviews.find((one) => one.id === id);
  if (!found) throw new NotThere('interview does not exist');
  return found;
}

/** Whether the candidate may begin now. */
export function isInviteValid({ now }: HackerrankWorld, { isCancelled, validFrom, validTo }: HackerrankCandidate): boolean {
  const at = now().getTime();
  return !isCancelled && (validFrom?.getTime() ?? 0) <= at && at < (validTo?.getTime() ?? Number.POSITIVE_INFINITY);
}

export function linkOf({ pagesOrigin }: HackerrankWorld, { testId, loginKey }: HackerrankCandidate): string {
  return `${pagesOrigin}/tests/${testId}/login?b=${loginKey}`;
}

/** Needs a login at HackerRank. */
export function reportUrlOf({ pagesOrigin }: HackerrankWorld, { testId, id }: HackerrankCandidate): string {
  return `${pagesOrigin}/x/tests/${testId}/candidates/${id}/report`;
}
