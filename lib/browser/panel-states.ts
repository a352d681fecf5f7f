import type { LinkState, PanelState } from '../contract/messages.ts';
import { type PanelView, panelViewSchema } from '../contract/panel.ts';
import { PATHS } from '../contract/paths.ts';
import type { CandidateReference } from '../domain/candidate-reference.ts';
import type { Connection } from './connection.ts';
import type { Copy, CopyStore } from './copy-store.ts';
import type { Outbox } from './outbox.ts';
import type { ServerAnswer, ServerFailure } from './server-client.ts';

/** Where a panel is, besides whom it is about. */
type Nobody = Pick<PanelState, 'contradiction'>;

export interface PanelStates {
  /**
   * What this page asks the server about: the page itself, or, on a page that shows a person, the application the
   * recruiter chose there. A choice made for another person counts for nothing.
   */
  target(page: CandidateReference, chosenApplicationId: string | null): Promise<CandidateReference>;
  /** The last known copy, to be painted at once, or no view when there is none. Asks nobody. */
  lastKnown(page: CandidateReference, target: CandidateReference, link?: LinkState): Promise<PanelState>;
  /** What the server says now, or the last known copy with the trouble when it says nothing. */
  fresh(page: CandidateReference, target: CandidateReference): Promise<PanelState>;
  /** The same around an answer that somebody else asked for. */
  fromAnswer(page: CandidateReference, target: CandidateReference, answer: ServerAnswer<PanelView>): Promise<PanelState>;
  /** For a page that shows no candidate, or two. */
  nobody(link: LinkState, why?: Nobody): Promise<PanelState>;
}

export interface PanelStatesInput {
  connection: Connection;
  copies: CopyStore;
  outbox: Outbox;
  now(): Date;
}

/** Makes everything a panel shows, from the server or from the last known copy. */
export function createPanelStates({ connection, copies, outbox, now }: PanelStatesInput): PanelStates {
  async function state(page: CandidateReference | null, link: LinkState, rest: Partial<PanelState> = {}): Promise<PanelState> {
    const [pairing, waiting] = await Promise.all([connection.read(), outbox.list()]);
    const common = { page, member: pairing?.member ?? null, outbox: waiting, link: pairing ? link : 'not-connected' } as const;
    const empty = { view: null, viewAt: null, stale: false, trouble: null, isHint: false, contradiction: null };
    return { ...empty, ...common, ...rest };
  }

  const fromCopy = (copy: Copy | null) => (copy ? { view: copy.view, viewAt: copy.viewAt, stale: true } : {});

  async function fromAnswer(page: CandidateReference, target: CandidateReference, answer: ServerAnswer<PanelView>) {
    if (answer.ok) {
      await copies.save(target, answer.value);
      return state(page, 'live', { view: answer.value, viewAt: now().toISOString() });
    }
    const trouble = toTrouble(answer.failure);
    return state(page, linkAfter(answer.failure), { ...fromCopy(await copies.find(target)), trouble });
  }

  return {
    fromAnswer,
    async target(page, chosenApplicationId) {
      if (page.kind !== 'person' || !chosenApplicationId) return page;
      const chooser = (await copies.find(page))?.view;
      const isListed =
        chooser?.kind === 'chooser' && chooser.applications.some((one) => one.applicationId === chosenApplicationId);
      return isListed ? { ...page, kind: 'application', applicationId: chosenApplicationId } : page;
    },
    lastKnown: async (page, target, link = 'connecting') => state(page, link, fromCopy(await copies.find(target))),
    async fresh(page, target) {
      const { ats, host, candidateId } = target;
      const applicationId = target.kind === 'application' ? target.applicationId : undefined;
      const question = { path: PATHS.panel, query: { ats, host, applicationId, candidateId } };
      return fromAnswer(page, target, await connection.ask(question, panelViewSchema));
    },
    nobody: (link, why) => state(null, link, why),
  };
}

function linkAfter({ code }: ServerFailure): LinkState {
  return code === 'offline' ? 'offline' : 'live';
}

/** "Not connected" is a state of its own and no trouble. */
function toTrouble({ code, text }: ServerFailure): PanelState['trouble'] {
  return code === 'not-connected' ? null : { code, text };
}
