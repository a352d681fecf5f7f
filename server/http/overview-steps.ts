import type { AssessmentView, ConnectionView, Overview, RulesView } from '../../lib/contract/settings.ts';
import { say } from '../say.ts';

/** All that the checklist looks at. */
export interface SetUp {
  connections: ConnectionView[];
  /** One for each ATS connection that is switched on. */
  atsMeanings: { name: string; hasAssessmentStage: boolean; hasMeanings: boolean }[];
  /** Those in use. */
  assessments: AssessmentView[];
  mailHost: string | null;
  rules: RulesView;
  memberCount: number;
  publicUrl: string | null;
}

type Step = Overview['steps'][number];
type State = Pick<Step, 'state' | 'text'>;

const ready = (text: string): State => ({ state: 'ready', text });
const needsYou = (text: string): State => ({ state: 'needs-you', text });
const off = (text: string): State => ({ state: 'off', text });

/** The steps to the first invitation, in the order in which an admin takes them. */
export function toSteps(setUp: SetUp): Step[] {
  return [
    { id: 'ats', ...connectionStep(setUp, 'ats') },
    { id: 'vendor', ...connectionStep(setUp, 'vendor') },
    { id: 'assessment', ...assessmentStep(setUp) },
    { id: 'stages', ...stagesStep(setUp) },
    { id: 'reasons', ...reasonsStep(setUp) },
    { id: 'webhooks', ...webhooksStep(setUp) },
    { id: 'mail', ...mailStep(setUp) },
    { id: 'rules', ...rulesStep(setUp) },
    { id: 'people', ...peopleStep(setUp) },
  ];
}

function connectionStep({ connections }: SetUp, side: 'ats' | 'vendor'): State {
  const all = connections.filter((connection) => connection.side === side);
  const on = all.filter((connection) => connection.enabled);
  if (all.length === 0) return needsYou(say(`server.step.${side}-missing`));
  if (on.length === 0) return off(say(`server.step.${side}-off`));
  const troubled = on.find((connection) => connection.state === 'needs-you');
  const [trouble] = troubled?.troubles ?? [];
  if (troubled && trouble) return needsYou(say('server.step.connection-trouble', { name: troubled.name, trouble }));
  const connected = say('server.step.connected', { names: on.map(({ name }) => name).join(', ') });
  return ready([connected, ...on.flatMap(({ notes }) => notes)].join(' '));
}

function assessmentStep({ assessments }: SetUp): State {
  if (assessments.length === 0) return needsYou(say('server.step.assessment-missing'));
  const troubled = assessments.find(({ troubles }) => troubles.length > 0);
  const [trouble] = troubled?.troubles ?? [];
  if (troubled && trouble) return needsYou(say('server.step.assessment-trouble', { name: troubled.name, trouble }));
  const sendable = say('server.step.assessment-ready', { tags: assessments.map(({ tag }) => `"${tag}"`).join(', ') });
  return ready([sendable, ...assessments.flatMap(({ warnings }) => warnings)].join(' '));
}

function stagesStep({ atsMeanings }: SetUp): State {
  if (atsMeanings.length === 0) return needsYou(say('server.step.ats-first'));
  const without = atsMeanings.find(({ hasAssessmentStage }) => !hasAssessmentStage);
  return without ? needsYou(say('server.step.stages-missing', { name: without.name })) : ready(say('server.step.stages-ready'));
}

function reasonsStep({ atsMeanings }: SetUp): State {
  if (atsMeanings.length === 0) return needsYou(say('server.step.ats-first'));
  const without = atsMeanings.find(({ hasMeanings }) => !hasMeanings);
  return without ? needsYou(say('server.step.reasons-missing', { name: without.name })) : ready(say('server.step.reasons-ready'));
}

/** Without a public address nothing can reach us: that is a way to run the server, not a fault. */
function webhooksStep({ connections, publicUrl }: SetUp): State {
  if (publicUrl === null) return off(say('server.step.webhooks-unreachable'));
  const on = connections.filter(({ enabled }) => enabled);
  if (!on.some(({ side }) => side === 'ats')) return needsYou(say('server.step.ats-first'));
  for (const { name, webhooks } of on) {
    const unsigned = webhooks.find(({ required, secrets }) => required && secrets.length === 0);
    if (unsigned) return needsYou(say('server.step.webhooks-missing', { name, event: unsigned.event }));
  }
  return ready(say('server.step.webhooks-ready'));
}

function mailStep({ mailHost, assessments }: SetUp): State {
  if (mailHost !== null) return ready(say('server.step.mail-ready', { host: mailHost }));
  const isNeeded = assessments.some(({ handover }) => handover === 'our e-mail');
  return isNeeded ? needsYou(say('server.mail-missing')) : off(say('server.step.mail-off'));
}

function rulesStep({ rules }: SetUp): State {
  return rules.sendOnStageEntry ? ready(say('server.step.rules-ready')) : off(say('server.step.rules-off'));
}

function peopleStep({ memberCount }: SetUp): State {
  return memberCount > 1 ? ready(say('server.step.people-ready', { count: memberCount })) : off(say('server.step.people-alone'));
}
