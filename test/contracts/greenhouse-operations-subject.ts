import type { GreenhouseSimulator } from '../simulators/greenhouse/greenhouse-simulator.ts';
import type { V1Right } from '../simulators/greenhouse/v1/keys.ts';
import type { CustomField, CustomValue } from '../simulators/greenhouse/world/records.ts';
import type { AtsOperationsSubject, OperationName, Seen } from './ats-operations-contract.ts';
import { type GreenhouseSubjectWish, makeGreenhouseSubject } from './greenhouse-subject.ts';

/** The scope that each operation cannot do without, and that is its own. */
const SCOPES: Partial<Record<OperationName, string>> = {
  listJobs: 'jobs:list',
  listOpenings: 'openings:list',
  listJobPosts: 'job_posts:list',
  listFields: 'custom_fields:list',
  writeFields: 'applications:update',
  findFile: 'attachments:list',
  attachFile: 'attachments:create',
  advance: 'applications:move',
  transfer: 'applications:move',
  reject: 'applications:reject',
  unreject: 'applications:unreject',
  hire: 'applications:hire',
};

const V1_RIGHT_OF: Partial<Record<OperationName, V1Right>> = {
  listJobs: 'Jobs: Get: List Jobs',
  listOpenings: 'Job Openings: Get: List Job Openings',
  listJobPosts: 'Job Posts: Get: List Job Posts',
  listFields: 'Candidates: Get: List Candidates',
  writeFields: 'Candidates: Patch: Edit Candidate',
  transfer: 'Applications: Post: Move Application (Different Job)',
};

/** The company of `makeGreenhouseSubject` with a second job, a second reason and three custom fields. */
export async function makeGreenhouseOperationsSubject(wish: GreenhouseSubjectWish = {}) {
  const api = wish.api ?? 'v3';
  const made = await makeGreenhouseSubject(wish);
  const { subject: base, greenhouse } = made;
  const { world } = greenhouse;
  const other = greenhouse.createJob({ name: 'Data Engineer', stages: ['Application Review', 'Interview'] });
  const fields = createFields(greenhouse, api);
  const fieldId = (field: CustomField) => (api === 'v1' ? field.nameKey : `${field.id}`);
  const named = (field: CustomField) =>
    ({ fieldId: fieldId(field), name: field.name, on: api === 'v1' ? 'candidate' : 'application' }) as const;
  const [option] = world.customFieldOptions.list(({ fieldId }) => fieldId === fields.choice.id);
  if (!option) throw new Error('The field has no options');

  const subject: AtsOperationsSubject = {
    ...base,
    otherJob: { id: `${other.id}`, firstStageId: `${world.stagesOf(other.id)[0]?.id}` },
    otherReason: { id: `${greenhouse.createReason({ name: 'Underqualified' }).id}` },
    hiring: {
      openingId: `${world.openings.list(({ jobId }) => jobId === Number(base.job.id))[0]?.id}`,
      reasonId: null,
      startsAt: null,
    },
    fields: {
      text: named(fields.text),
      number: named(fields.number),
      // v1 has no right to list what may be chosen.
      choice: api === 'v1' ? null : { ...named(fields.choice), choice: { choiceId: `${option.id}`, name: option.name } },
    },
    feedback: null,

    async look({ applicationId, candidateId }) {
      const application = world.applications.get(Number(applicationId));
      const { status, jobId, rejectionReasonId } = application;
      const stage = world.currentStage(application);
      const on = api === 'v1' ? world.candidates.get(Number(candidateId)) : application;
      const values = Object.entries(on.customFields).map(([key, value]) => {
        const field = Object.values(fields).find(({ nameKey }) => nameKey === key);
        return [field ? fieldId(field) : key, toChoiceId(greenhouse, value)];
      });
      const { notes } = await base.see({ applicationId, candidateId });
      return {
        status: STATUSES[status] ?? 'active',
        reasonId: rejectionReasonId === null ? null : `${rejectionReasonId}`,
        jobId: jobId === null ? null : `${jobId}`,
        stageId: stage ? `${stage.id}` : null,
        notes,
        links: [],
        files: world.attachments
          .list((row) => row.applicationId === application.id)
          .map(({ filename, size }) => ({ name: filename, size: size ?? 0 })),
        fields: Object.fromEntries(values),
        feedback: [],
      };
    },
    async loseNextWrite() {
      for (const method of ['POST', 'PATCH', 'DELETE'])
        greenhouse.failNext({ method, path: `^/${api}/`, when: 'after', kind: 'reset' });
    },
    async forbid(operation) {
      const right = V1_RIGHT_OF[operation];
      if (api === 'v1' && right) greenhouse.v1Keys.drop(right);
      const scopes = world.credentials.list()[0]?.scopes ?? [];
      greenhouse.changeCredential({ scopes: scopes.filter((scope) => scope !== `harvest:${SCOPES[operation]}`) });
    },
    remove: async (applicationId) => greenhouse.deleteApplication({ applicationId: Number(applicationId) }),
  };
  return { ...made, subject };
}

const STATUSES: Record<string, Seen['status']> = { in_process: 'active', rejected: 'archived', hired: 'hired' };

function createFields(greenhouse: GreenhouseSimulator, api: 'v3' | 'v1') {
  const fieldType = api === 'v1' ? ('candidate' as const) : ('application' as const);
  const fields = {
    text: greenhouse.createCustomField({ name: 'Assessment', fieldType, valueType: 'short_text' }),
    number: greenhouse.createCustomField({ name: 'Assessment score', fieldType, valueType: 'number' }),
    choice: greenhouse.createCustomField({
      name: 'Assessment status',
      fieldType,
      valueType: 'single_select',
      options: ['Sent', 'Completed'],
    }),
  };
  // v1 knows the fields from candidates, of whom there has to be one.
  if (api === 'v1') greenhouse.createCandidate({ firstName: 'Olga' });
  return fields;
}

/** A select is read by its option's name. */
function toChoiceId({ world }: GreenhouseSimulator, { type, value }: CustomValue): unknown {
  if (type !== 'single_select') return value;
  return `${world.customFieldOptions.list(({ name }) => name === value)[0]?.id}`;
}
