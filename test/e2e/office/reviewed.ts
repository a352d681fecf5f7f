import type { World } from '../../simulators/world.ts';

export interface Reviewed {
  name: string;
  email: string;
  applicationId: number;
}

/** Applicants of "Backend Engineer" whose turn in Application Review comes in this order. */
export function createReviewed<Names extends string[]>(
  { greenhouse, seeds }: World,
  names: [...Names],
): { [Index in keyof Names]: Reviewed } {
  const made = names.map((name) => {
    const [firstName = '', lastName = ''] = name.split(' ');
    const email = `${firstName}.${lastName}@mail.example`.toLowerCase();
    const { id: candidateId } = greenhouse.createCandidate({ firstName, lastName, email, tags: ['Senior SWE'] });
    const { id: applicationId } = greenhouse.createApplication({ candidateId, jobId: seeds.greenhouse.jobs.backend });
    return { name, email, applicationId };
  });
  return made as { [Index in keyof Names]: Reviewed };
}

/** Application Review at the applicant who comes after this one; the two ways of swapping are told apart in the simulator. */
export function reviewAfter({ applicationId }: Reviewed, swap: 'view' | 'link' = 'view'): string {
  return `https://app.greenhouse.io/applications/review/app_review?swap=${swap}&after=${applicationId}`;
}
