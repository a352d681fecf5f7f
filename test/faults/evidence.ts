import { type ApplicationView, panelViewSchema } from '../../lib/contract/panel.ts';
import { PATHS } from '../../lib/contract/paths.ts';
import type { World } from '../simulators/world.ts';
import type { Stage } from '../support/stage.ts';
import type { Store, StoreReader } from './read-store.ts';
import type { Seeker } from './seekers.ts';

/** One webhook as its sender knows it. */
export interface Sent {
  from: string;
  body: string;
  /** It was answered 200 at least once, whatever became of repetitions. */
  isAcknowledged: boolean;
}

/** A note of ours in an ATS. */
export interface OurNote {
  /** Greenhouse's candidate, Lever's opportunity. */
  of: string;
  about: 'sent' | 'result';
  assessment: string;
}

/** What is held against each other: what the outside world saw, what the server keeps, what the panel shows. */
export interface Evidence {
  world: World;
  seekers: readonly Seeker[];
  sent: readonly Sent[];
  notes: readonly OurNote[];
  store: Store;
  /** By application. */
  views: ReadonlyMap<string, ApplicationView>;
}

export async function gatherEvidence(
  stage: Pick<Stage, 'world' | 'api'>,
  reader: StoreReader,
  seekers: readonly Seeker[],
): Promise<Evidence> {
  const { world } = stage;
  const store = await reader.read();
  const views = new Map<string, ApplicationView>();
  for (const { ats, applicationId } of seekers) {
    const host = ats === 'lever' ? 'hire.lever.co' : 'app.greenhouse.io';
    const query = new URLSearchParams({ ats, host, applicationId });
    const view = panelViewSchema.parse(await stage.api('GET', `${PATHS.panel}?${query}`));
    if (view.kind === 'application') views.set(applicationId, view);
  }
  return { world, seekers, store, views, sent: webhooksOf(world), notes: notesOf(world) };
}

/** Without those of the set-up and those that were never sent. */
export function webhooksOf({ lever, greenhouse, coderbyte }: World): Sent[] {
  const ofLever = lever.deliveries().filter(({ state, envelope }) => state !== 'dropped' && 'opportunityId' in envelope.data);
  return [
    ...ofLever.map((one) => ({ ...toSent('Lever', one), body: JSON.stringify(one.envelope) })),
    ...greenhouse.deliveries
      .filter(({ state }) => state !== 'dropped')
      .map((one) => ({ ...toSent('Greenhouse', one), body: one.text })),
    ...coderbyte.deliveries().map((one) => ({ ...toSent('Coderbyte', one), body: JSON.stringify(one.body) })),
  ];
}

function toSent(from: string, { attempts }: { attempts: readonly { status: number | null }[] }): Omit<Sent, 'body'> {
  return { from, isAcknowledged: attempts.some(({ status }) => status === 200) };
}

export function notesOf({ lever, greenhouse }: World): OurNote[] {
  const texts = [
    ...[...lever.account.notes.values()].flatMap(({ opportunityId: of, comments }) =>
      comments.map(({ value }) => ({ of, text: value })),
    ),
    ...greenhouse.world.notes.list().map(({ candidateId, body }) => ({ of: String(candidateId), text: body })),
  ];
  return texts.filter(({ text }) => / Tagalong TA-/.test(text)).map(({ of, text }) => ({ of, ...readNote(text) }));
}

function readNote(text: string): Pick<OurNote, 'about' | 'assessment'> {
  const sent = /^(.+?) sent to \S+ on /.exec(text);
  if (sent?.[1]) return { about: 'sent', assessment: sent[1] };
  const result = /^(?:Revised result\. )?(.+?): /.exec(text);
  if (result?.[1]) return { about: 'result', assessment: result[1] };
  throw new Error(`a note of ours that says neither: ${text}`);
}
