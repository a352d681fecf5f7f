import '../components/install-catalogue.ts';
import '../../components/ui/theme.css';
import { createRoot } from 'react-dom/client';
import { OptionsApp } from '../../components/admin/options-app.tsx';
import { createFakeServer, OFFLINE } from '../components/admin/fake-server.ts';
import { NOW, type SetUp } from '../components/admin/set-up.ts';

/** The options page over a company in memory: `?as=empty|unpaired|viewer|offline|broken|bare#rules`. */
const as = new URLSearchParams(location.search).get('as') ?? '';

/** A server on its first day. */
function empty(setUp: SetUp): void {
  Object.assign(setUp, { connections: [], assessments: [], codes: [], members: setUp.members.slice(0, 1) });
  setUp.mail = { configured: false, from: '', host: null, bounce: '', template: null };
  setUp.overview = {
    ...setUp.overview,
    company: null,
    publicUrl: null,
    steps: [
      { id: 'ats', state: 'needs-you', text: 'Connect Greenhouse or Lever.' },
      { id: 'vendor', state: 'needs-you', text: 'Connect an assessment vendor.' },
      { id: 'assessment', state: 'needs-you', text: 'Put the first assessment under a tag.' },
      { id: 'stages', state: 'needs-you', text: 'Connect Greenhouse or Lever first.' },
      { id: 'reasons', state: 'needs-you', text: 'Connect Greenhouse or Lever first.' },
      {
        id: 'webhooks',
        state: 'off',
        text: 'Webhooks cannot reach this server, because PUBLIC_URL is not set. Changes are found by looking every few minutes.',
      },
      { id: 'mail', state: 'off', text: 'No assessment needs our e-mail.' },
      {
        id: 'rules',
        state: 'ready',
        text: 'Invitations go out by themselves when a candidate with an assessment tag enters the stage.',
      },
      { id: 'people', state: 'off', text: 'Only you so far. Make codes for the others under People.' },
    ],
  };
}

/** No address for webhooks. */
function bare(setUp: SetUp): void {
  setUp.overview.publicUrl = null;
}

const CHANGES: Record<string, (setUp: SetUp) => void> = { empty, bare };
const STATUSES: Record<string, Parameters<typeof createFakeServer>[1]> = {
  unpaired: { link: 'not-connected', serverUrl: null, member: null },
  viewer: { member: { id: 'm3', name: 'נועה לוי', role: 'viewer' } },
  offline: { link: 'offline' },
};
const server = createFakeServer(CHANGES[as], STATUSES[as]);
if (as === 'broken') {
  for (const path of ['overview', 'connections', 'rules']) server.answer('GET', `/api/${path}`, OFFLINE);
}
if (as === 'slow') server.answer('GET', '/api/rules', new Promise(() => {}));
const clock = { now: () => NOW, newId: () => '00000000-0000-4000-8000-000000000000' };
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <OptionsApp
      backend={server.backend}
      requestOrigin={async () => true}
      sites={{ allowCompanySite: async () => true, companySites: async () => [] }}
      extensionVersion="0.1.0"
      clock={clock}
    />,
  );
}
