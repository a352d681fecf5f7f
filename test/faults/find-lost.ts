import type { InvitationView } from '../../lib/contract/panel.ts';
import type { Evidence, OurNote } from './evidence.ts';

const WENT_OUT: readonly InvitationView['state'][] = ['sent', 'started', 'submitted', 'scored', 'expired', 'cancelled'];

/** Whatever was acknowledged, happened or was reported and is not in our record, or did not lead to what follows from it. */
export function findLost(evidence: Evidence): string[] {
  return [
    ...lostDeliveries(evidence),
    ...lostEntries(evidence).map(({ entry }) => `a stage entry without a decision: ${entry}`),
    ...lostStandings(evidence),
    ...lostResults(evidence),
    ...lostNotes(evidence),
  ];
}

/** Of those that a sender gave up and a person sent again, one is enough. */
function lostDeliveries({ sent, store }: Evidence): string[] {
  const acknowledged = new Set(sent.filter(({ isAcknowledged }) => isAcknowledged).map(({ body }) => body));
  const stored = new Map(store.deliveries.map(({ body, outcome }) => [body, outcome]));
  return sent.flatMap(({ from, body }) => {
    if (!acknowledged.has(body)) return [`never got its 200: ${from} ${body}`];
    if (!stored.has(body)) return [`acknowledged and not stored: ${from} ${body}`];
    return stored.get(body) === 'hinted' ? [] : [`stored and concerning ${stored.get(body)}: ${from} ${body}`];
  });
}

interface LostEntry {
  applicationId: string;
  /** Application, stage and time. */
  entry: string;
}

/** Each crossing into a stage that the ATS shows has been decided. */
export function lostEntries({ world, seekers, store }: Pick<Evidence, 'world' | 'seekers' | 'store'>): LostEntry[] {
  const decided = new Set(store.stageEntries.map((entry) => `${entry.applicationId} ${entry.stageId} ${entry.enteredAtMs}`));
  const atLever = [...world.lever.account.opportunities.values()].flatMap(({ id, stageChanges }) =>
    stageChanges.map(({ toStageId, updatedAt }) => ({ id, entry: `${id} ${toStageId} ${updatedAt}` })),
  );
  const atGreenhouse = world.greenhouse.world.stageRows
    .list(({ enteredAt }) => enteredAt !== null)
    .map(({ applicationId: id, stageId, enteredAt }) => ({
      id: String(id),
      entry: `${id} ${stageId} ${Date.parse(enteredAt ?? '')}`,
    }));
  const ours = new Set(seekers.map(({ applicationId }) => applicationId));
  return [...atLever, ...atGreenhouse]
    .filter(({ id, entry }) => ours.has(id) && !decided.has(entry))
    .map(({ id, entry }) => ({ applicationId: id, entry }));
}

/** The panel shows where the ATS has the application, without having been asked to look. */
function lostStandings({ world, seekers, views }: Evidence): string[] {
  return seekers.flatMap(({ ats, applicationId }) => {
    const view = views.get(applicationId);
    const actual = ats === 'lever' ? standingAtLever(world, applicationId) : standingAtGreenhouse(world, Number(applicationId));
    const shown = view && { stage: view.stageName, active: view.status === 'active' };
    const same = shown !== undefined && shown.stage === actual.stage && shown.active === actual.active;
    return same ? [] : [`shown ${JSON.stringify(shown)} instead of ${JSON.stringify(actual)}: ${ats} ${applicationId}`];
  });
}

type Standing = { stage: string | undefined; active: boolean };

function standingAtLever({ lever: { account } }: Evidence['world'], id: string): Standing {
  const opportunity = account.opportunities.get(id);
  return { stage: account.stages.find((stage) => stage.id === opportunity?.stage)?.text, active: opportunity?.archived === null };
}

function standingAtGreenhouse({ greenhouse: { world } }: Evidence['world'], id: number): Standing {
  const application = world.applications.get(id);
  return { stage: world.currentStage(application)?.name, active: application.status === 'in_process' };
}

/** Every test that was handed in has its result here. */
function lostResults({ world, views }: Evidence): string[] {
  const shown = [...views.values()].flatMap(({ invitations }) => invitations);
  return world.coderbyte
    .invitations()
    .filter(({ state }) => state === 'completed')
    .filter(({ email }) => !shown.some((one) => one.email === email && one.vendorName === 'Coderbyte' && one.result !== null))
    .map(({ email }) => `handed in and without a result: ${email}`);
}

/** Every invitation that went out, and every result, is told in the ATS. */
function lostNotes({ seekers, views, notes }: Evidence): string[] {
  return seekers.flatMap(({ applicationId, notesOf }) => {
    const has = (about: OurNote['about'], assessment: string) =>
      notes.some((note) => note.of === notesOf && note.about === about && note.assessment === assessment);
    return (views.get(applicationId)?.invitations ?? []).flatMap(({ state, result, assessmentName }) => [
      ...(WENT_OUT.includes(state) && !has('sent', assessmentName) ? [`${state} without a note: ${applicationId}`] : []),
      ...(result && !has('result', assessmentName) ? [`a result without a note: ${applicationId}`] : []),
    ]);
  });
}
