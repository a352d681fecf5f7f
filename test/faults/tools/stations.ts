import { eq } from 'drizzle-orm';
import { PATHS } from '../../../lib/contract/paths.ts';
import { assessmentViewSchema, connectionViewSchema } from '../../../lib/contract/settings.ts';
import { feedbackFormsViewSchema, fieldsViewSchema } from '../../../lib/contract/write-back.ts';
import type { AtsAdapter } from '../../../server/ats/port.ts';
import { assessments } from '../../../server/storage/schema.ts';
import type { VendorAdapter } from '../../../server/vendors/port.ts';
import type { EffectKind } from '../../../server/workflow/effect.ts';
import type { CrowdOffice } from './crowd-office.ts';

/** One thing done outside in the course of an application, at which whoever does it may be cut off. */
export interface Station {
  name: string;
  effect: EffectKind;
  /** From which chapter of the story on: the same kind of effect may come earlier, too. */
  from: Chapter;
  isAt(place: Place): boolean;
  /** Whoever is moved on here is brought back by a person before anybody has looked what became of the call. */
  isTakenBack?: true;
  /** Moments of a mail: nobody answers it with a status. */
  isMail?: true;
}

/** What can be done in this office for somebody of this ATS with an assessment of this vendor. */
interface Place {
  side: 'greenhouse' | 'lever';
  /** Whether the ATS is set to take more than notes and tags. */
  writesBack: boolean;
  ats: AtsAdapter;
  vendor: VendorAdapter;
}

export const CHAPTERS = ['invited', 'out', 'taken', 'changed', 'brought back', 'days later'] as const;
export type Chapter = (typeof CHAPTERS)[number];

const anywhere = () => true;
/** A result of CodeSignal stays open to revision, and one of Byteboard has no pass mark: nothing rests on them. */
const passes: Station['isAt'] = ({ vendor: { kind } }) => kind !== 'codesignal' && kind !== 'byteboard';
const rejects: Station['isAt'] = ({ ats }) => ats.operations.reject !== undefined;
const station = (effect: EffectKind, from: Chapter, isAt: Station['isAt'], name: string = effect): Station => ({
  ...{ name, effect, from, isAt },
});

/**
 * All kinds of effects but three that may be repeated without harm: more time, a tag taken away, and calls to other systems, which carry a
 * number by which a repeat is known.
 */
export const STATIONS: readonly Station[] = [
  station('send-invitation', 'invited', anywhere),
  station('add-tag', 'invited', anywhere),
  station('write-note', 'invited', anywhere),
  station('write-fields', 'invited', ({ writesBack, side }) => writesBack && side === 'greenhouse'),
  station('resend-invitation', 'out', ({ vendor }) => vendor.operations.resend !== undefined),
  station('extend-invitation', 'out', ({ vendor }) => vendor.operations.extend !== undefined),
  station('cancel-invitation', 'out', ({ vendor }) => vendor.capabilities.cancels),
  station('write-note', 'taken', anywhere, 'write-note of a result'),
  { ...station('move-to-stage', 'taken', passes), isTakenBack: true },
  station('attach-report', 'taken', ({ writesBack, vendor }) => writesBack && vendor.operations.readReportFile !== undefined),
  // The others tell no address of a report, or none that may be shown to everybody.
  station(
    'add-link',
    'taken',
    ({ writesBack, side, vendor: { kind } }) => writesBack && side === 'lever' && (kind === 'coderbyte' || kind === 'hackerrank'),
  ),
  station('write-feedback', 'taken', (place) => place.writesBack && place.side === 'lever' && passes(place)),
  // Sent although an earlier one is there: so of this one no vendor says "already invited".
  station('send-invitation', 'changed', ({ vendor }) => vendor.capabilities.retakes, 'a retake'),
  {
    ...station('change-application', 'changed', ({ ats }) => ats.operations.advance !== undefined, 'to the next stage'),
    isTakenBack: true,
  },
  station('change-application', 'changed', rejects, 'rejection'),
  station('tell-outcome', 'changed', (place) => rejects(place) && place.vendor.operations.tellOutcome !== undefined),
  station(
    'change-application',
    'brought back',
    (place) => rejects(place) && place.ats.operations.unreject !== undefined,
    'bringing back',
  ),
  // A partner keeps the link to itself, so that there is none to remind of.
  { ...station('remind-candidate', 'days later', ({ vendor: { kind } }) => kind !== 'partner'), isMail: true },
];

const at = (path: string, id: string) => path.replace('{id}', id);

/** Switches on what the stations need, and answers which of them there are for each seat and side. */
export async function setUpStations(
  office: CrowdOffice,
): Promise<(given: { seat: number; side: Place['side'] }) => readonly Station[]> {
  const { api, connections } = office.company;
  // What a key of Harvest v1 or an app may do in the way of fields, files and forms is less, and is tested with the adapters.
  const writesBack = office.atsKinds.every(({ name }) => name === 'Greenhouse v3' || name === 'Lever key');
  if (writesBack) {
    office.world.greenhouse.createCustomField({ name: 'Assessment status', valueType: 'short_text', fieldType: 'application' });
    office.world.lever.play.createFeedbackTemplate({ text: 'Assessment result' });
    const { fields } = await api.call(fieldsViewSchema, 'GET', at(PATHS.connectionFields, connections.greenhouse.id));
    const { forms } = await api.call(feedbackFormsViewSchema, 'GET', at(PATHS.feedbackForms, connections.lever.id));
    const statusField = fields.find(({ name }) => name === 'Assessment status')?.fieldId;
    const feedbackForm = forms.find(({ name }) => name === 'Assessment result')?.formId;
    if (!statusField || !feedbackForm) throw new Error('no field or no form to write to');
    await change(office, connections.greenhouse.id, { writeBack: { statusField, reportFile: true } });
    const feedbackScores = { passed: '3 - Hire', notPassed: '2 - No Hire' };
    await change(office, connections.lever.id, {
      writeBack: { reportLink: true, reportFile: true, feedbackForm, feedbackScores },
    });
  }
  const { connector } = office.server.parts;
  const atses = { greenhouse: await connector.ats(connections.greenhouse.id), lever: await connector.ats(connections.lever.id) };
  const vendors: VendorAdapter[] = [];
  for (const { kind, assessmentId } of office.seats) {
    const { db } = office.server.services;
    const [row] = await db.select().from(assessments).where(eq(assessments.id, assessmentId));
    if (!row) throw new Error('an assessment that is not there');
    await api.call(assessmentViewSchema, 'PATCH', at(PATHS.assessment, assessmentId), { remindDays: [2] });
    if (kind === 'hackerrank') await change(office, row.vendorConnectionId, { outcomeWords: { rejected: 'Failed' } });
    const vendor = await connector.vendor(row.vendorConnectionId);
    if (!vendor.ok) throw new Error(vendor.detail);
    vendors.push(vendor.value);
  }
  return ({ seat, side }) => {
    const vendor = vendors[seat];
    const ats = atses[side];
    if (!ats.ok) throw new Error(ats.detail);
    return vendor ? STATIONS.filter(({ isAt }) => isAt({ side, writesBack, ats: ats.value, vendor })) : [];
  };
}

async function change({ company: { api } }: CrowdOffice, id: string, wanted: object): Promise<void> {
  const { settings } = await api.call(connectionViewSchema, 'GET', at(PATHS.connection, id));
  await api.call(connectionViewSchema, 'PATCH', at(PATHS.connection, id), { settings: { ...settings, ...wanted } });
}
