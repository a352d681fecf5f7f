import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { PopupApp } from '../../components/popup/popup-app.tsx';
import '../../components/ui/theme.css';
import { createBackend } from '../../lib/browser/backend.ts';
import { createSiteAccess } from '../../lib/browser/site-access.ts';

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <PopupApp backend={createBackend()} sites={createSiteAccess()} />
    </StrictMode>,
  );
}
