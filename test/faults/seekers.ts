import type { World } from '../simulators/world.ts';

export type StageName = 'screen' | 'assessment' | 'onsite' | 'offer';
export type Step = { kind: 'move'; to: StageName } | { kind: 'end' };

/** One application of one person, and what the ATS's people can do with it. */
export interface Seeker {
  ats: 'greenhouse' | 'lever';
  /** As the server knows it. */
  applicationId: string;
  /** Where its notes are: the candidate at Greenhouse, the opportunity at Lever. */
  notesOf: string;
  email: string;
  tag: string;
  /** One webhook each. Whoever stands there already, or has ended, is left alone. */
  take(step: Step): void;
}

interface Person {
  name: string;
  email: string;
  tag: string;
}

/** Applies at Lever: an opportunity of its own for each time, one contact. */
export function applyAtLever({ lever, seeds }: World, person: Person, times: number): Seeker[] {
  const { stages, postings, reasons } = seeds.lever;
  const stageIds = { screen: stages.phoneScreen, assessment: stages.assessment, onsite: stages.onsite, offer: stages.offer };
  const { name, email, tag } = person;
  const contactId = lever.play.createContact({ name, emails: [email] }).id;
  return [postings.backend, postings.data].slice(0, times).map((postingId): Seeker => {
    const wanted = { contactId, postingId, stageId: stages.phoneScreen, tags: [tag] };
    const opportunity = lever.play.createOpportunity(wanted);
    const opportunityId = opportunity.id;
    return {
      ...{ ats: 'lever', applicationId: opportunityId, notesOf: opportunityId, email, tag },
      take(step) {
        if (opportunity.archived) return;
        if (step.kind === 'end') lever.play.archive({ opportunityId, reasonId: reasons.underqualified });
        else if (opportunity.stage !== stageIds[step.to]) lever.play.move({ opportunityId, stageId: stageIds[step.to] });
      },
    };
  });
}

/** Applies at Greenhouse: one candidate, an application for each job. */
export function applyAtGreenhouse({ greenhouse, seeds }: World, person: Person, times: number): Seeker[] {
  const { jobs, stages, reasons } = seeds.greenhouse;
  const { email, tag, name } = person;
  const [firstName, lastName] = name.split(' ');
  const { id: candidateId } = greenhouse.createCandidate({ firstName, lastName, email, tags: [tag] });
  return (['backend', 'design'] as const).slice(0, times).map((job): Seeker => {
    const of = stages[job];
    const stageIds = { screen: of['Phone Screen'], assessment: of.Assessment, onsite: of.Onsite, offer: of.Offer };
    const application = greenhouse.createApplication({ candidateId, jobId: jobs[job], stageId: stageIds.screen });
    const applicationId = application.id;
    return {
      ...{ ats: 'greenhouse', applicationId: String(applicationId), notesOf: String(candidateId), email, tag },
      take(step) {
        if (application.status !== 'in_process') return;
        if (step.kind === 'end') greenhouse.reject({ applicationId, reasonId: reasons.underqualified });
        else if (greenhouse.world.currentStage(application)?.id !== stageIds[step.to])
          greenhouse.move({ applicationId, stageId: stageIds[step.to] });
      },
    };
  });
}
