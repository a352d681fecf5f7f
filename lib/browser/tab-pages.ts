import { readHint, readPage } from '../ats-page/read-page.ts';
import type { AtsKind } from '../domain/ats.ts';
import type { CandidateReference } from '../domain/candidate-reference.ts';
import type { Sender } from './trusted-page.ts';

/** Whom a tab shows at this moment. */
export interface TabPage {
  reference: CandidateReference | null;
  /** The address does not say it: the document does, and might say anything. So whoever is shown is named on what acts. */
  isHint: boolean;
  /** At which ATS the page names two candidates; then `reference` is null. */
  contradiction: AtsKind | null;
}

export interface TabPages {
  of(tabId: number | undefined): Promise<TabPage>;
  /** The same for the tab that a message comes from, by the address it had when the message was sent. */
  ofSender(sender: Sender): Promise<TabPage>;
}

export interface TabPagesInput {
  /** The address a tab has now; undefined when it is not ours to know. */
  readTabUrl(tabId: number): Promise<string | undefined>;
  /** What the tab's document names, asked from its content script. Anything may come back. Rejects when there is none. */
  askDocument(tabId: number): Promise<unknown>;
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** A page that is too busy to say whom it shows, shows nobody for us. */
const SILENCE_MS = 2000;

const EMPTY: TabPage = { reference: null, isHint: false, contradiction: null };

/** Reads whom tabs show: from their addresses, which no page can forge, and where those name nobody, from their documents. */
export function createTabPages({ readTabUrl, askDocument, wait }: TabPagesInput): TabPages {
  /** Asked each time anew and never kept: what was true when the panel was painted says nothing about the moment of a click. */
  async function ask(tabId: number): Promise<unknown> {
    const quiet = new AbortController();
    // A tab that is between two documents has nobody to ask; the next one speaks up by itself.
    const answer = askDocument(tabId).catch(() => null);
    const heard = await Promise.race([answer, wait(SILENCE_MS, quiet.signal)]);
    quiet.abort();
    return heard;
  }

  async function read(address: string | undefined, tabId: number | undefined): Promise<TabPage> {
    const reading = readPage(address);
    const isHint = reading.kind === 'in-document';
    const shown = isHint && tabId !== undefined ? readHint(reading, await ask(tabId)) : reading;
    if (shown.kind === 'candidate') return { reference: shown.reference, isHint, contradiction: null };
    return shown.kind === 'contradiction' ? { ...EMPTY, contradiction: shown.ats } : EMPTY;
  }

  return {
    of: async (tabId) => (tabId === undefined ? EMPTY : read(await readTabUrl(tabId), tabId)),
    ofSender: ({ tab }) => read(tab?.url, tab?.id),
  };
}
