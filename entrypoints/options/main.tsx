import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { browser } from 'wxt/browser';
import { OptionsApp } from '../../components/admin/options-app.tsx';
import '../../components/ui/theme.css';
import { createBackend } from '../../lib/browser/backend.ts';
import { createSiteAccess } from '../../lib/browser/site-access.ts';

const sites = createSiteAccess();
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <OptionsApp
        backend={createBackend()}
        requestOrigin={sites.allowServer}
        sites={sites}
        extensionVersion={browser.runtime.getManifest().version}
      />
    </StrictMode>,
  );
}
