import '../components/install-catalogue.ts';
import '../../components/ui/theme.css';
import { createRoot } from 'react-dom/client';
import type { PanelBackend } from '../../components/panel/backend.ts';
import { PanelApp } from '../../components/panel/panel-app.tsx';
import { createFakeBackend, createFakePlace } from '../components/panel/fake-backend.ts';
import { NOW, SCREENS, type ScreenName } from '../components/panel/panel-states.ts';

/**
 * One screen of the panel: `?screen=ready`, `&tab` for the closed one, `&send=refused|never` for what comes of a click on "Send".
 */
const query = new URLSearchParams(location.search);

const SENDS: Record<string, PanelBackend['send']> = {
  refused: async () => ({ refused: 'page-moved-on', message: 'The page has moved on to Bob Noyce. Nothing was sent.' }),
  never: () => new Promise(() => {}),
  broken: () => Promise.reject(new Error('no receiver')),
};

const isScreen = (name: string | null): name is ScreenName => name !== null && name in SCREENS;
const screen = query.get('screen');
const send = SENDS[query.get('send') ?? ''];
const fake = createFakeBackend(SCREENS[isScreen(screen) ? screen : 'ready'], send ? { send } : {});
const { place } = createFakePlace({ isOpen: !query.has('tab'), side: 'right', top: 168 });
const clock = { now: () => NOW, newId: () => '00000000-0000-4000-8000-000000000000' };
const tellFrame: typeof place.tellFrame = (message) => {
  if (message.tagalong === 'size') document.documentElement.dataset.size = `${message.width}x${message.height}`;
};
const root = document.getElementById('root');
if (root)
  createRoot(root).render(<PanelApp backend={fake.backend} push={fake.push} place={{ ...place, tellFrame }} clock={clock} />);
