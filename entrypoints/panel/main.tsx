import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { PanelApp } from '../../components/panel/panel-app.tsx';
import '../../components/ui/theme.css';
import { createBackend } from '../../lib/browser/backend.ts';
import { createPanelPlace } from '../../lib/browser/panel-place.ts';
import { connectPanelPort } from '../../lib/browser/panel-port.ts';

const place = createPanelPlace((error) => console.error('tagalong: the page did not take a message', error));
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <PanelApp backend={createBackend()} push={connectPanelPort} place={place} />
    </StrictMode>,
  );
}
