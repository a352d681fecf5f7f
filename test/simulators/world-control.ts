import { Hono } from 'hono';
import { html } from 'hono/html';
import type { Journal } from './frame/journal.ts';

interface StartPage {
  journal: Journal;
  /** Name to address. */
  controls: Record<string, string>;
  candidatePages: Record<string, string>;
}

const STYLE = `body{font:14px/1.5 system-ui,"DejaVu Sans",sans-serif;margin:24px auto;max-width:1200px;padding:0 20px;color:#1d2a2e}
table{border-collapse:collapse;width:100%}td,th{text-align:start;padding:4px 10px 4px 0;border-bottom:1px solid #e3e8e7;vertical-align:top}
code{font-size:12px;overflow-wrap:anywhere}nav a{margin-inline-end:16px}`;

/** Asks once a second for what is new. Everything in the journal is somebody's text, so it is never put in as markup. */
const SCRIPT = `let seen = 0;
async function look() {
  const rows = await (await fetch('/journal?after=' + seen)).json();
  const table = document.getElementById('journal');
  for (const row of rows) {
    seen = row.seq;
    const line = table.insertRow(0);
    const cells = [row.at.slice(11, 23), row.simulator, row.kind, row.what, row.status ?? '', JSON.stringify(row.detail).slice(0, 600)];
    for (const cell of cells) line.insertCell().textContent = cell;
  }
}
const again = () => look().catch(() => {}).finally(() => setTimeout(again, 1000));
again();`;

/** The first page of the simulated world: leads to everything that can be played, and shows what happens as it happens. */
export function createWorldControl({ journal, controls, candidatePages }: StartPage): Hono {
  const app = new Hono();
  app.get('/', (c) =>
    c.html(html`<!doctype html>
      <html lang="en">
        <head><meta charset="utf-8" /><title>The simulated world</title><link rel="icon" href="data:," /><style>${STYLE}</style></head>
        <body>
          <h1>The simulated world</h1>
          <nav>Play: ${Object.entries(controls).map(([name, url]) => html`<a href="${url}">${name}</a>`)}</nav>
          <nav>Visit: ${Object.entries(candidatePages).map(([name, url]) => html`<a href="${url}">${name}</a>`)}</nav>
          <h2>What happens</h2>
          <table><tbody id="journal"></tbody></table>
          <script src="/journal.js" defer></script>
        </body>
      </html>`),
  );
  app.get('/journal.js', (c) => c.body(SCRIPT, 200, { 'content-type': 'text/javascript; charset=utf-8' }));
  app.get('/journal', (c) => {
    const after = Number(c.req.query('after') ?? 0);
    return c.json(journal.list().filter(({ seq }) => seq > after));
  });
  return app;
}
