import type { World } from '../../simulators/world.ts';

/** A person on an ATS's page, made for one test. */
export interface Candidate {
  name: string;
  email: string;
  /** The page that a recruiter opens. */
  url: string;
}

export interface NewPerson {
  name: string;
  /** Derived from the name when absent; null: there is none. */
  email?: string | null;
  tags?: string[];
}

export interface LeverCandidate extends Candidate {
  opportunityId: string;
  contactId: string;
}

/** In "Phone screen" of "Senior Backend Engineer", tagged "Senior SWE" unless said otherwise. */
export function createLeverCandidate({ lever, seeds }: World, person: NewPerson): LeverCandidate {
  const email = emailOf(person);
  const contact = lever.play.createContact({ name: person.name, emails: email === null ? [] : [email] });
  return {
    name: person.name,
    email: email ?? '',
    contactId: contact.id,
    ...createOpportunity({ lever, seeds }, { contactId: contact.id, postingId: seeds.lever.postings.backend, tags: person.tags }),
  };
}

/** Another application of a person who is there. */
export function createOpportunity(
  { lever, seeds }: Pick<World, 'lever' | 'seeds'>,
  { contactId, postingId, tags = ['Senior SWE'] }: { contactId: string; postingId: string; tags?: string[] },
): { opportunityId: string; url: string } {
  const { id } = lever.play.createOpportunity({ contactId, postingId, stageId: seeds.lever.stages.phoneScreen, tags });
  return { opportunityId: id, url: `https://hire.lever.co/candidates/${id}` };
}

export interface GreenhouseCandidate extends Candidate {
  candidateId: number;
  applicationId: number;
}

/** In "Phone Screen" of "Backend Engineer", tagged "Senior SWE" unless said otherwise. */
export function createGreenhouseCandidate({ greenhouse, seeds }: World, person: NewPerson): GreenhouseCandidate {
  const email = emailOf(person);
  const [firstName = null, ...others] = person.name.split(' ');
  const { id: candidateId } = greenhouse.createCandidate({
    firstName,
    lastName: others.join(' ') || null,
    email,
    tags: person.tags ?? ['Senior SWE'],
  });
  const { id: applicationId } = greenhouse.createApplication({
    candidateId,
    jobId: seeds.greenhouse.jobs.backend,
    stageId: seeds.greenhouse.stages.backend['Phone Screen'],
  });
  const url = `https://app.greenhouse.io/people/${candidateId}?application_id=${applicationId}`;
  return { name: person.name, email: email ?? '', candidateId, applicationId, url };
}

/** Another application of a person who is there, in the job's first stage. */
export function createApplication(
  { greenhouse, seeds }: World,
  { candidateId, job }: { candidateId: number; job: 'backend' | 'design' },
): { applicationId: number; url: string } {
  const { id } = greenhouse.createApplication({ candidateId, jobId: seeds.greenhouse.jobs[job] });
  return { applicationId: id, url: `https://app.greenhouse.io/people/${candidateId}?application_id=${id}` };
}

function emailOf({ name, email }: NewPerson): string | null {
  return email === undefined ? `${name.toLowerCase().replaceAll(/[^a-z]+/g, '.')}@mail.example` : email;
}
