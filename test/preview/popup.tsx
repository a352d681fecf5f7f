import '../components/install-catalogue.ts';
import '../../components/ui/theme.css';
import { createRoot } from 'react-dom/client';
import { PopupApp } from '../../components/popup/popup-app.tsx';
import { CONNECTED, createFakePopup, NOW, WAITING } from '../components/popup/fake-popup.ts';

/** The popup: `?as=waiting|nothing|unpaired|offline|own|withheld`. */
const as = new URLSearchParams(location.search).get('as') ?? '';
type Parts = Parameters<typeof createFakePopup>;

const STATES: Record<string, Parts> = {
  nothing: [{ getWaiting: async () => ({ ...WAITING, items: [] }) }, { companySites: async () => ['acme.greenhouse.io'] }],
  unpaired: [{ getStatus: async () => ({ link: 'not-connected', serverUrl: null, member: null, pageHosts: [] }) }],
  offline: [
    {
      getStatus: async () => ({ ...CONNECTED, link: 'offline' }),
      getWaiting: async () => ({ refused: 'offline', message: 'The Tagalong server cannot be reached.' }),
    },
  ],
  own: [
    {
      getStatus: async () => ({ ...CONNECTED, pageHosts: ['acme.greenhouse.io'] }),
      getWaiting: async () => ({ ...WAITING, items: [] }),
    },
  ],
  withheld: [{ getWaiting: async () => ({ ...WAITING, items: [] }) }, { hasAtsSites: async () => false }],
};
const { backend, sites } = createFakePopup(...(STATES[as] ?? []));
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <PopupApp backend={backend} sites={sites} clock={{ now: () => NOW, newId: () => '00000000-0000-4000-8000-000000000000' }} />,
  );
}
