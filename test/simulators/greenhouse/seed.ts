import type { Actor } from './acts/actor.ts';
import { createJob, createReason, createUser } from './acts/company.ts';
import { rejectApplication } from './acts/outcomes.ts';
import { createApplication, createCandidate } from './acts/people.ts';
import { enterStage } from './acts/stages.ts';
import type { World } from './world/world.ts';

const STAGES = ['Application Review', 'Phone Screen', 'Assessment', 'Onsite', 'Offer'] as const;
type StageName = (typeof STAGES)[number];
const DAY_MS = 86_400_000;
const ROSA: Actor = { kind: 'person', name: 'Rosa Ibarra', userId: null };

export interface SeedIds {
  users: Record<'recruiter' | 'manager' | 'admin', number>;
  jobs: Record<'backend' | 'design', number>;
  stages: Record<'backend' | 'design', Record<StageName, number>>;
  candidates: Record<PersonKey, number>;
  /** `grace` and `graceDesign` belong to one person. */
  applications: Record<PersonKey | 'graceDesign', number>;
  reasons: Record<'underqualified' | 'withdrew' | 'position' | 'builtIn', number>;
}
type PersonKey = 'ada' | 'grace' | 'noEmail' | 'noName' | 'rightToLeft' | 'prospect' | 'rejected' | 'alan';

/**
 * A believable company: two jobs, three people, eight candidates, among them one without e-mail, one without a name, one
 * whose name is written from right to left, one with two applications and a prospect of two jobs. Silent: nothing is sent.
 */
export function seedCompany(world: World): SeedIds {
  const send = world.send;
  world.send = () => {};
  try {
    return plantCompany(world);
  } finally {
    world.send = send;
  }
}

function plantCompany(world: World): SeedIds {
  const users = plantUsers(world);
  const jobs = {
    backend: createJob(world, {
      name: 'Backend Engineer',
      requisitionId: 'ENG-104',
      stages: [...STAGES],
      openings: 2,
      recruiterId: users.recruiter,
    }).id,
    design: createJob(world, {
      name: 'Product Designer',
      requisitionId: 'DES-017',
      stages: [...STAGES],
      recruiterId: users.recruiter,
    }).id,
  };
  const stages = { backend: stageIds(world, jobs.backend), design: stageIds(world, jobs.design) };
  const reasons = plantReasons(world);
  plantCustomFields(world);
  for (const name of ['Senior SWE', 'Frontend take-home', 'Referral']) world.tags.add({ name });
  const people = plantPeople(world, { jobs, reasons });
  return { users, jobs, stages, reasons, ...people };
}

function plantUsers(world: World): SeedIds['users'] {
  const company = 'northwind.example';
  const person = (firstName: string, lastName: string, jobTitle: string, siteAdmin: boolean) =>
    createUser(world, { firstName, lastName, jobTitle, siteAdmin, email: `${firstName.toLowerCase()}@${company}` }).id;
  return {
    recruiter: person('Rosa', 'Ibarra', 'Senior Recruiter', false),
    manager: person('Ben', 'Okafor', 'Engineering Manager', false),
    admin: person('Mei', 'Tanaka', 'Head of Talent', true),
  };
}

function stageIds(world: World, jobId: number): Record<StageName, number> {
  const id = (name: StageName) => world.stagesOf(jobId).find((stage) => stage.name === name)?.id ?? 0;
  const [review, screen, assessment, onsite, offer] = STAGES;
  return { [review]: id(review), [screen]: id(screen), [assessment]: id(assessment), [onsite]: id(onsite), [offer]: id(offer) };
}

function plantReasons(world: World): SeedIds['reasons'] {
  return {
    underqualified: createReason(world, { name: 'Underqualified' }).id,
    withdrew: createReason(world, { name: 'Withdrew', type: 'THEY_REJECTED_US' }).id,
    position: createReason(world, { name: 'Position closed', type: 'NONE_SPECIFIED' }).id,
    builtIn: createReason(world, { name: 'Hired another candidate', builtIn: true }).id,
  };
}

function plantCustomFields(world: World): void {
  const plain = { private: false, required: false, active: true };
  world.customFields.add({
    name: 'Salary wish',
    nameKey: 'salary_wish',
    fieldType: 'application',
    valueType: 'currency',
    ...plain,
  });
  world.customFields.add({
    name: 'Open to remote',
    nameKey: 'open_to_remote',
    fieldType: 'candidate',
    valueType: 'yes_no',
    ...plain,
  });
}

interface Plant {
  key: PersonKey;
  firstName: string | null;
  lastName: string | null;
  email: string | null;
  title?: string;
  company?: string;
  tags?: string[];
  job: keyof SeedIds['jobs'];
  stage: StageName;
  daysAgo: number;
  referred?: boolean;
}

const PLANTS: Plant[] = [
  {
    key: 'ada',
    firstName: 'Ada',
    lastName: 'Lovelace',
    email: 'ada@example.com',
    title: 'Software Engineer',
    company: 'Analytical Works',
    tags: ['Senior SWE'],
    job: 'backend',
    stage: 'Phone Screen',
    daysAgo: 9,
    referred: true,
  },
  {
    key: 'grace',
    firstName: 'Grace',
    lastName: 'Hopper',
    email: 'grace@example.com',
    title: 'Compiler Engineer',
    company: 'Harbor Systems',
    job: 'backend',
    stage: 'Application Review',
    daysAgo: 6,
  },
  {
    key: 'noEmail',
    firstName: 'Katherine',
    lastName: 'Johnson',
    email: null,
    title: 'Data Analyst',
    tags: ['Senior SWE'],
    job: 'backend',
    stage: 'Phone Screen',
    daysAgo: 12,
  },
  {
    key: 'noName',
    firstName: null,
    lastName: null,
    email: 'applicant-4471@example.com',
    job: 'backend',
    stage: 'Application Review',
    daysAgo: 3,
  },
  {
    key: 'rightToLeft',
    firstName: 'ליאור',
    lastName: 'כהן',
    email: 'lior@example.com',
    title: 'מהנדס תוכנה',
    tags: ['Senior SWE'],
    job: 'backend',
    stage: 'Phone Screen',
    daysAgo: 5,
  },
  {
    key: 'rejected',
    firstName: 'Tom',
    lastName: 'Baker',
    email: 'tom@example.com',
    title: 'Support Engineer',
    job: 'backend',
    stage: 'Phone Screen',
    daysAgo: 20,
  },
  {
    key: 'alan',
    firstName: 'Alan',
    lastName: 'Turing',
    email: 'alan@example.com',
    title: 'Researcher',
    company: 'Bletchley Labs',
    tags: ['Referral'],
    job: 'backend',
    stage: 'Onsite',
    daysAgo: 15,
    referred: true,
  },
];

function plantPeople(
  world: World,
  { jobs, reasons }: Pick<SeedIds, 'jobs' | 'reasons'>,
): Pick<SeedIds, 'candidates' | 'applications'> {
  const planted = PLANTS.map((plant) => [plant.key, plantPerson(world, plant, jobs)] as const);
  const [candidates, applications] = [0, 1].map((n) => Object.fromEntries(planted.map(([key, ids]) => [key, ids[n] ?? 0])));
  const at = daysBefore(world, 8);
  const prospect = createCandidate(world, ROSA, {
    firstName: 'Hedy',
    lastName: 'Lamarr',
    email: 'hedy@example.com',
    title: 'Inventor',
    at,
  }).id;
  const prospectApplication = createApplication(world, ROSA, {
    candidateId: prospect,
    prospectiveJobIds: [jobs.backend, jobs.design],
    at,
  }).id;
  const all = {
    candidates: { ...candidates, prospect },
    applications: { ...applications, prospect: prospectApplication },
  } as Pick<SeedIds, 'candidates' | 'applications'>;
  all.applications.graceDesign = createApplication(world, ROSA, {
    candidateId: all.candidates.grace,
    jobId: jobs.design,
    at,
  }).id;
  rejectApplication(world, ROSA, { applicationId: all.applications.rejected, reasonId: reasons.underqualified });
  return all;
}

/** Applied some days ago, and went through the stages a day apart. */
function plantPerson(world: World, plant: Plant, jobs: SeedIds['jobs']): [candidateId: number, applicationId: number] {
  const { firstName, lastName, email, title, company, tags, daysAgo } = plant;
  const candidateId = createCandidate(world, ROSA, {
    firstName,
    lastName,
    email,
    title,
    company,
    tags,
    at: daysBefore(world, daysAgo),
  }).id;
  const source = plant.referred ? { id: 4_000_771_002, name: 'Referral' } : null;
  const wanted = { candidateId, jobId: jobs[plant.job], source, at: daysBefore(world, daysAgo) };
  const application = createApplication(world, ROSA, wanted);
  const stages = world.stagesOf(jobs[plant.job]);
  for (const stage of stages.slice(1, STAGES.indexOf(plant.stage) + 1)) {
    const at = daysBefore(world, daysAgo - stage.sortOrder);
    enterStage(world, application, stage, at);
    const text = `moved from ${stages[stage.sortOrder - 1]?.name} to ${stage.name}`;
    world.activities.add({ candidateId, applicationId: application.id, text, by: ROSA.name }, at);
  }
  return [candidateId, application.id];
}

function daysBefore(world: World, days: number): string {
  return new Date(world.now().getTime() - days * DAY_MS).toISOString();
}
