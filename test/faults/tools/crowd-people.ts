import type { World } from '../../simulators/world.ts';

export type CrowdStage = 'screen' | 'assessment' | 'onsite' | 'offer';

/** What the ATS's people do with one application. What cannot be done just now is left. */
export type AtsAct =
  | { kind: 'move'; to: CrowdStage }
  | { kind: 'end' }
  | { kind: 'back' }
  | { kind: 'tag'; on: boolean }
  | { kind: 'delete' };

export interface Standing {
  /** Null for a stage that no check knows. */
  stage: CrowdStage | null;
  active: boolean;
  /** Not there any more. */
  deleted: boolean;
}

/** One application as its ATS has it. */
export interface CrowdApplication {
  side: 'greenhouse' | 'lever';
  applicationId: string;
  act(act: AtsAct): void;
  standing(): Standing;
  /** Crossings into stages, as the ATS itself tells them: stage and time, ISO 8601 or milliseconds as text. */
  entries(): string[];
  /** Notes that stand with the application, or with its candidate. */
  notes(): string[];
}

interface Applicant {
  name: string;
  email: string;
  tag: string;
}

const NAMES: Record<CrowdStage, string> = { screen: 'Phone Screen', assessment: 'Assessment', onsite: 'Onsite', offer: 'Offer' };
const stageCalled = (name: string | undefined): CrowdStage | null =>
  (Object.keys(NAMES) as CrowdStage[]).find((stage) => NAMES[stage].toLowerCase() === name?.toLowerCase()) ?? null;

export function apply(world: World, side: CrowdApplication['side'], applicant: Applicant): CrowdApplication {
  return side === 'lever' ? applyToLever(world, applicant) : applyToGreenhouse(world, applicant);
}

function applyToLever({ lever, seeds }: World, { name, email, tag }: Applicant): CrowdApplication {
  const { stages, postings, reasons } = seeds.lever;
  const stageIds = { screen: stages.phoneScreen, assessment: stages.assessment, onsite: stages.onsite, offer: stages.offer };
  const contactId = lever.play.createContact({ name, emails: [email] }).id;
  const wanted = { contactId, postingId: postings.backend, stageId: stages.phoneScreen, tags: [tag] };
  const { id: opportunityId } = lever.play.createOpportunity(wanted);
  const now = () => lever.account.opportunities.get(opportunityId);
  return {
    side: 'lever',
    applicationId: opportunityId,
    act(act) {
      const one = now();
      if (!one) return;
      if (act.kind === 'move' && !one.archived && one.stage !== stageIds[act.to])
        lever.play.move({ opportunityId, stageId: stageIds[act.to] });
      if (act.kind === 'end' && !one.archived) lever.play.archive({ opportunityId, reasonId: reasons.underqualified });
      if (act.kind === 'back' && one.archived) lever.play.unarchive({ opportunityId });
      if (act.kind === 'tag' && act.on && !one.tags.includes(tag)) lever.play.tag({ opportunityId, tags: [tag] });
      if (act.kind === 'tag' && !act.on && one.tags.includes(tag)) lever.play.untag({ opportunityId, tags: [tag] });
      if (act.kind === 'delete') lever.play.deleteOpportunity({ opportunityId });
    },
    standing() {
      const one = now();
      const stage = stageCalled(
        {
          [stages.phoneScreen]: NAMES.screen,
          [stages.assessment]: NAMES.assessment,
          [stages.onsite]: NAMES.onsite,
          [stages.offer]: NAMES.offer,
        }[one?.stage ?? ''],
      );
      return { stage, active: one?.archived === null, deleted: !one };
    },
    entries: () => now()?.stageChanges.map(({ toStageId, updatedAt }) => `${toStageId} ${updatedAt}`) ?? [],
    notes: () =>
      [...lever.account.notes.values()]
        .filter((note) => note.opportunityId === opportunityId)
        .flatMap(({ comments }) => comments.map(({ value }) => value)),
  };
}

function applyToGreenhouse({ greenhouse, seeds }: World, { name, email, tag }: Applicant): CrowdApplication {
  const { world } = greenhouse;
  const { jobs, stages, reasons } = seeds.greenhouse;
  const of = stages.backend;
  const stageIds = { screen: of['Phone Screen'], assessment: of.Assessment, onsite: of.Onsite, offer: of.Offer };
  const [firstName, lastName] = name.split(' ');
  const { id: candidateId } = greenhouse.createCandidate({ firstName, lastName, email, tags: [tag] });
  const { id: applicationId } = greenhouse.createApplication({ candidateId, jobId: jobs.backend, stageId: stageIds.screen });
  const now = () => world.applications.find(applicationId);
  return {
    side: 'greenhouse',
    applicationId: `${applicationId}`,
    act(act) {
      const one = now();
      if (!one) return;
      const isActive = one.status === 'in_process';
      if (act.kind === 'move' && isActive && world.currentStage(one)?.id !== stageIds[act.to])
        greenhouse.move({ applicationId, stageId: stageIds[act.to] });
      if (act.kind === 'end' && isActive) greenhouse.reject({ applicationId, reasonId: reasons.underqualified });
      if (act.kind === 'back' && one.status === 'rejected') greenhouse.unreject({ applicationId });
      const has = world.tagsOf(candidateId).includes(tag);
      if (act.kind === 'tag' && act.on && !has) greenhouse.tag({ candidateId, tag });
      if (act.kind === 'tag' && !act.on && has) greenhouse.untag({ candidateId, tag });
      if (act.kind === 'delete') greenhouse.deleteApplication({ applicationId });
    },
    standing() {
      const one = now();
      return {
        stage: one ? stageCalled(world.currentStage(one)?.name) : null,
        active: one?.status === 'in_process',
        deleted: !one,
      };
    },
    entries: () =>
      world.stageRows
        .list((row) => row.applicationId === applicationId && row.enteredAt !== null)
        .map(({ stageId, enteredAt }) => `${stageId} ${Date.parse(enteredAt ?? '')}`),
    notes: () => world.notes.list((note) => note.candidateId === candidateId).map(({ body }) => body),
  };
}
