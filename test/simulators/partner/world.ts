import type { CandidateMails } from '../frame/candidate-mails.ts';
import type { Journal } from '../frame/journal.ts';
import { NotThere } from '../frame/problems.ts';
import type { Random } from '../frame/random.ts';
import type { PartnerSettings } from './settings.ts';
import type { PartnerInterview, PartnerTest } from './types.ts';

/** One partner's server and the one organisation that uses it. */
export interface PartnerWorld {
  /** The organisation's key: shorter than 171 characters, as the protocol wants it. */
  apiKey: string;
  /** Before every path; of Adaface "/app/api/integrations/<partnerId>". */
  basePath: string;
  settings: PartnerSettings;
  tests: Map<string, PartnerTest>;
  /** Oldest first. */
  interviews: PartnerInterview[];
  /** What callers told by `response_error`. */
  responseErrors: unknown[];
  /** The partner writes to the candidates itself. */
  mails: CandidateMails;
  /** Where the pages are, as in "https://app.adaface.com". */
  pagesOrigin: string;
  journal: Journal;
  now(): Date;
  random: Random;
  /** PATCHes the callback of a completed test, if there is one. */
  tellCompleted(interview: PartnerInterview): void;
}

/** @throws NotThere */
export function testOf({ tests }: PartnerWorld, id: string): PartnerTest {
  const found = tests.get(id);
  if (!found || found.archived) throw new NotThere('test not found');
  return found;
}

/** @throws NotThere */
export function interviewOf({ interviews }: PartnerWorld, id: string): PartnerInterview {
  const found = interviews.find((one) => one.id === id);
  if (!found) throw new NotThere('interview not found');
  return found;
}

/** @throws NotThere */
export function interviewByKey({ interviews }: PartnerWorld, key: string): PartnerInterview {
  const found = interviews.find((one) => one.key === key);
  if (!found) throw new NotThere('This invitation does not exist');
  return found;
}

export function linkOf({ pagesOrigin }: PartnerWorld, { key }: PartnerInterview): string {
  return `${pagesOrigin}/take/${key}`;
}

export function profileUrlOf({ pagesOrigin }: PartnerWorld, { id }: PartnerInterview): string {
  return `${pagesOrigin}/candidates/${id}`;
}
