import type { CandidateMails } from '../frame/candidate-mails.ts';
import type { Journal } from '../frame/journal.ts';
import { NotThere } from '../frame/problems.ts';
import type { Random } from '../frame/random.ts';
import type { CodesignalSettings } from './settings.ts';
import type { CodesignalEvent, CompanyTest, LiveInterview, TestSession } from './types.ts';

/** One CodeSignal company, and what every part of the simulator is given. */
export interface CodesignalWorld {
  apiKey: string;
  settings: CodesignalSettings;
  tests: Map<string, CompanyTest>;
  /** Oldest first. */
  sessions: TestSession[];
  interviews: LiveInterview[];
  mails: CandidateMails;
  /** Where the pages are, as in "https://app.codesignal.com". */
  pagesOrigin: string;
  journal: Journal;
  /** Milliseconds since 1970. */
  now(): number;
  random: Random;
  /** Puts the event into the queue of every webhook that wants it. */
  tell(event: CodesignalEvent, payload: Record<string, unknown>): void;
}

/** @throws NotThere */
export function testOf({ tests }: CodesignalWorld, id: string): CompanyTest {
  const found = tests.get(id);
  if (!found) throw new NotThere('Test not found');
  return found;
}

/** @throws NotThere */
export function sessionOf({ sessions }: CodesignalWorld, id: string): TestSession {
  const found = sessions.find((one) => one.id === id);
  if (!found) throw new NotThere('Test session not found');
  return found;
}

/** @throws NotThere */
export function sessionByKey({ sessions }: CodesignalWorld, key: string): TestSession {
  const found = sessions.find((one) => one.key === key);
  if (!found) throw new NotThere('This invitation does not exist');
  return found;
}

/** @throws NotThere */
export function interviewOf({ interviews }: CodesignalWorld, id: string): LiveInterview {
  const found = interviews.find((one) => one.id === id);
  if (!found) throw new NotThere('Live interview not found');
  return found;
}

export function isIncomplete({ status }: TestSession): boolean {
  return status === 'pending' || status === 'active' || status === 'gracePeriod';
}

export function linkOf({ pagesOrigin }: CodesignalWorld, { key }: TestSession): string {
  return `${pagesOrigin}/test-invitation/${key}`;
}

/** Whoever has it can read the report. Null while there is nothing to see. */
export function resultUrlOf({ pagesOrigin }: CodesignalWorld, { id, result }: TestSession): string | null {
  return result && `${pagesOrigin}/test-result/${id}?accessToken=${result.accessToken}`;
}

export function maxScoreOf({ tests }: CodesignalWorld, { testId }: TestSession): number {
  return (tests.get(testId)?.tasks ?? []).reduce((sum, { maxScore }) => sum + maxScore, 0);
}

export function scoreOf({ result }: TestSession): number | null {
  return result === null ? null : result.tasks.reduce((sum, { score }) => sum + score, 0);
}
