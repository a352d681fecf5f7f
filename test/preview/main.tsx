import '../components/install-catalogue.ts';
import '../../components/ui/theme.css';
import { createRoot } from 'react-dom/client';
import { PanelApp } from '../../components/panel/panel-app.tsx';
import { createFakeBackend, createFakePlace } from '../components/panel/fake-backend.ts';
import { NOW, SCREENS, type ScreenName } from '../components/panel/panel-states.ts';

/** One screen of the panel with a background that answers nothing new: `?screen=ready`, `&tab` for the closed one. */
const query = new URLSearchParams(location.search);
const name = (query.get('screen') ?? 'ready') as ScreenName;
const fake = createFakeBackend(SCREENS[name]);
const isTab = query.has('tab');
const { place } = createFakePlace({ isOpen: !isTab, side: 'right', top: 168 });
const clock = { now: () => NOW, newId: () => '00000000-0000-4000-8000-000000000000' };
const tellFrame: typeof place.tellFrame = (message) => {
  if (message.tagalong === 'size') document.documentElement.dataset.size = `${message.width}x${message.height}`;
};
const root = document.getElementById('root');
if (root)
  createRoot(root).render(<PanelApp backend={fake.backend} push={fake.push} place={{ ...place, tellFrame }} clock={clock} />);
