import type { PopupBackend, PopupSites } from '../../../components/popup/backend.ts';
import type { Waiting } from '../../../lib/contract/panel.ts';

export const NOW = Date.parse('2026-11-21T14:02:00.000Z');
const at = (ms: number) => new Date(NOW + ms).toISOString();

/** Ben and Ada are sending, one was not sent, one is not certain. */
export const WAITING: Waiting = {
  serverTime: at(0),
  items: [
    {
      key: 'k3',
      candidateName: 'Grace Hopper',
      jobName: 'Platform Engineer',
      text: 'Platform project was not sent.',
      url: 'https://app.greenhouse.io/people/3?application_id=33',
      at: at(-40 * 60_000),
      held: null,
    },
    {
      key: 'k2',
      candidateName: 'Alan Turing',
      jobName: 'Data Scientist',
      text: 'Senior SWE is about to go out.',
      url: 'https://hire.lever.co/candidates/22222222-2222-4222-8222-222222222222',
      at: at(-4000),
      held: { invitationId: 'i2', dueAt: at(8000), byName: 'Ben Okafor', isYou: false },
    },
    {
      key: 'k1',
      candidateName: 'Ada Lovelace',
      jobName: 'Backend Engineer',
      text: 'Senior SWE is about to go out.',
      url: 'https://hire.lever.co/candidates/11111111-1111-4111-8111-111111111111',
      at: at(-3000),
      held: { invitationId: 'i1', dueAt: at(6000), byName: 'Ada', isYou: true },
    },
    {
      key: 'k4',
      candidateName: null,
      jobName: null,
      text: 'It is not certain that Senior SWE was sent.',
      url: null,
      at: at(-26 * 60 * 60_000),
      held: null,
    },
  ],
};

type Status = Awaited<ReturnType<PopupBackend['getStatus']>>;

export const CONNECTED: Status = {
  link: 'live',
  serverUrl: 'https://tagalong.example.com',
  member: { id: 'm1', name: 'Ada Lovelace', role: 'admin' },
  pageHosts: [],
};

/** A background that answers what a test tells it to; remembers what was asked of it. */
export function createFakePopup(parts: Partial<PopupBackend> = {}, access: Partial<PopupSites> = {}) {
  const undone: { invitationId: string; applicationKey: string }[] = [];
  const opened: (string | undefined)[] = [];
  const asked: string[] = [];
  const backend: PopupBackend = {
    getStatus: async () => CONNECTED,
    getWaiting: async () => WAITING,
    undoFromPopup: async (message) => {
      undone.push(message);
      return { outcome: 'done', message: 'Undone. Nothing was sent.', mend: null, view: null };
    },
    openOptions: async ({ section }) => {
      opened.push(section);
    },
    ...parts,
  };
  const sites: PopupSites = {
    hasAtsSites: async () => true,
    allowAtsSites: async () => {
      asked.push('ats');
      return true;
    },
    allowCompanySite: async (company) => {
      asked.push(company);
      return true;
    },
    companySites: async () => [],
    pageInFront: async () => 'candidate',
    ...access,
  };
  return { backend, sites, undone, opened, asked };
}
