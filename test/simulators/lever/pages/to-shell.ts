import { html } from 'hono/html';

/** The one document of the app. Its script fills it late, as the real pages do. */
export function toShell({ isHostile }: { isHostile: boolean }) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Lever Hire</title>
        <link rel="stylesheet" href="/assets/app.css" />
        ${isHostile ? html`<link rel="stylesheet" href="/assets/hostile.css" />` : ''}
        <script type="module" src="/assets/app.js"></script>
      </head>
      <body>
        <header class="top-bar">
          <span class="wordmark">Meridian Labs</span>
          <nav>
            <a href="/candidates">Candidates</a>
            <a href="/interviews">Interviews</a>
            <a href="/settings/integrations">Settings</a>
          </nav>
          <span class="avatar signed-in" title="Dana Whitfield">DW</span>
        </header>
        <main id="page"></main>
        <div id="overlay"></div>
      </body>
    </html>`;
}
