import type { LeverPlay } from './control/play.ts';

/** A believable company. Answers the ids of everything by name, and a key that may do everything and see confidential data. */
export function seedCompany(play: LeverPlay, nowMs: number) {
  const key = play.createKey({ label: 'Tagalong', confidential: true });
  const users = seedUsers(play);
  const phoneScreen = play.createStage({ text: 'Phone screen' }).id;
  const assessment = play.createStage({ text: 'Assessment' }).id;
  const onsite = play.createStage({ text: 'Onsite' }).id;
  const stages = { newLead: 'lead-new', newApplicant: 'applicant-new', phoneScreen, assessment, onsite, offer: 'offer' };
  const reasons = seedReasons(play);
  const postings = seedPostings(play, users);
  const { contacts, opportunities } = seedPeople(play, { users, stages, postings, nowMs });
  const interview = play.scheduleInterview({
    opportunityId: opportunities.chloe,
    subject: 'Phone screen with Marcus',
    date: nowMs + 86_400_000,
    interviewerId: users.teamMember,
  });
  return { key, users, stages, reasons, postings, contacts, opportunities, interviewId: interview.id };
}

export type SeededCompany = ReturnType<typeof seedCompany>;

function seedUsers(play: LeverPlay) {
  const user = (
    name: string,
    accessRole: 'super admin' | 'admin' | 'team member' | 'limited team member' | 'interviewer',
    jobTitle: string,
  ) => play.createUser({ name, accessRole, jobTitle, email: `${name.toLowerCase().replace(' ', '.')}@meridianlabs.example` }).id;
  const users = {
    superAdmin: user('Dana Whitfield', 'super admin', 'Head of Talent'),
    admin: user('Priya Raman', 'admin', 'Recruiting Operations'),
    teamMember: user('Marcus Oyelaran', 'team member', 'Technical Recruiter'),
    limitedTeamMember: user('Helen Brandt', 'limited team member', 'Engineering Manager'),
    interviewer: user('Tom Aguilar', 'interviewer', 'Staff Engineer'),
    deactivated: user('Joan Perry', 'team member', 'Recruiter'),
  };
  play.deactivateUser({ userId: users.deactivated });
  return users;
}

function seedReasons(play: LeverPlay) {
  const reason = (text: string) => play.createArchiveReason({ text }).id;
  return {
    withdrew: reason('Withdrew'),
    underqualified: reason('Underqualified'),
    offerDeclined: reason('Offer declined'),
    positionClosed: reason('Position closed'),
    hired: play.createArchiveReason({ text: 'Hired', type: 'hired' }).id,
  };
}

function seedPostings(play: LeverPlay, users: ReturnType<typeof seedUsers>) {
  const people = { ownerId: users.teamMember, hiringManagerId: users.limitedTeamMember };
  const backend = { text: 'Senior Backend Engineer', team: 'Platform', department: 'Engineering', location: 'Berlin' };
  const data = { text: 'Data Scientist', team: 'Insights', department: 'Data', location: 'Remote, Europe' };
  return {
    backend: play.createPosting({ ...backend, ...people, commitment: 'Full-time' }).id,
    data: play.createPosting({ ...data, ...people, commitment: 'Full-time' }).id,
  };
}

interface Frame {
  users: ReturnType<typeof seedUsers>;
  stages: Record<'newLead' | 'newApplicant' | 'phoneScreen' | 'assessment' | 'onsite' | 'offer', string>;
  postings: ReturnType<typeof seedPostings>;
  nowMs: number;
}

function seedPeople(play: LeverPlay, { users, stages, postings, nowMs }: Frame) {
  const contact = (name: string, headline: string, location: string, email?: string, links: string[] = []) =>
    play.createContact({ name, headline, location, links, emails: email === undefined ? [] : [email] }).id;
  const contacts = {
    ada: contact('Ada Moreno', 'Backend engineer at Tidewater', 'Madrid', 'ada.moreno@mail.example', [
      'https://github.example/adamoreno',
    ]),
    ben: contact('Ben Fischer', 'Software engineer at Kranich', 'Hamburg', 'ben.fischer@mail.example'),
    chloe: contact('Chloe Nakamura', 'Platform engineer', 'Osaka', 'chloe.nakamura@mail.example', ['https://chloe.example']),
    nameless: contact('', '', '', 'applicant.4471@mail.example'),
    dmitri: contact('Dmitri Volkov', 'Site reliability engineer', 'Riga'),
    noor: contact('نور الهاشمي', 'مهندسة برمجيات', 'Amman', 'noor.alhashimi@mail.example'),
    elena: contact('Elena Petrova', 'Machine learning engineer', 'Sofia', 'elena.petrova@mail.example'),
    grace: contact('Grace Holloway', 'Director of Engineering', 'London', 'grace.holloway@mail.example'),
  };
  // Each came some hours after the one before, the last one yesterday.
  let hoursAgo = 24 * 9;
  const opportunity = (
    contactId: string,
    postingId: string | null,
    stageId: string,
    tags: string[] = [],
    confidential = false,
  ) => {
    hoursAgo -= 23;
    return play.createOpportunity({
      createdAt: nowMs - hoursAgo * 3_600_000,
      contactId,
      postingId,
      stageId,
      tags,
      origin: postingId === null ? 'sourced' : 'applied',
      ownerId: users.teamMember,
      sources: [postingId === null ? 'LinkedIn' : 'Careers page'],
      confidentiality: confidential ? 'confidential' : 'non-confidential',
    }).id;
  };
  const opportunities = {
    ada: opportunity(contacts.ada, postings.backend, stages.phoneScreen, ['Senior SWE']),
    ben: opportunity(contacts.ben, postings.backend, stages.phoneScreen),
    chloe: opportunity(contacts.chloe, postings.backend, stages.newApplicant, ['Senior SWE', 'referral bonus']),
    nameless: opportunity(contacts.nameless, postings.backend, stages.newApplicant),
    dmitri: opportunity(contacts.dmitri, postings.backend, stages.phoneScreen, ['Senior SWE']),
    noor: opportunity(contacts.noor, postings.data, stages.onsite, ['Data Scientist take-home']),
    elenaBackend: opportunity(contacts.elena, postings.backend, stages.phoneScreen, ['Senior SWE']),
    elenaData: opportunity(contacts.elena, postings.data, stages.newApplicant),
    grace: opportunity(contacts.grace, null, stages.newLead, [], true),
  };
  play.writeNote({
    opportunityId: opportunities.ada,
    userId: users.teamMember,
    text: 'Good call. Strong on distributed systems, wants to see our on-call set-up before deciding.',
  });
  return { contacts, opportunities };
}
