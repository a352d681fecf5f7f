import { html } from 'hono/html';
import { type ByteboardWorld, RATINGS } from './world.ts';

const STYLE = `body{font:14px/1.5 system-ui,"DejaVu Sans",sans-serif;margin:24px auto;max-width:1000px;padding:0 20px;color:#1d2a2e}
table{border-collapse:collapse;width:100%;margin:8px 0 24px}td,th{text-align:start;padding:6px 10px 6px 0;border-bottom:1px solid #e3e8e7}
form{display:inline-flex;gap:4px;margin:0 8px 4px 0}button,select,input{font:inherit;padding:2px 8px}code{font-size:12px}`;

/** A page without scripts on which a person plays Byteboard's graders. */
export function toControlPage({ sessions, webhook }: ByteboardWorld) {
  const rating = html`<select name="rating">${RATINGS.map((word) => html`<option>${word}</option>`)}</select>`;
  const grade = (invitation: string) => html`<form method="post" action="grade">
      <input type="hidden" name="invitation" value="${invitation}" />${rating}<input name="notes" placeholder="Notes" /><button>Send result</button></form>`;
  return html`<!doctype html>
    <html lang="en">
      <head><meta charset="utf-8" /><title>Playing Byteboard</title><link rel="icon" href="data:," /><style>${STYLE}</style></head>
      <body>
        <h1>Playing Byteboard</h1>
        <p>Results go to <code>${webhook?.url ?? 'nobody yet'}</code></p>
        <table>
          <tr><th>Invitation</th><th>Candidate</th><th>State</th><th></th></tr>
          ${[...sessions.values()].map(
            ({ invitation, email, state }) =>
              html`<tr><td><code>${invitation}</code></td><td>${email}</td><td>${state}</td><td>${grade(invitation)}</td></tr>`,
          )}
        </table>
        <h2>Another one</h2>
        <form method="post" action="grade"><input name="invitation" placeholder="Invitation" size="40" />${rating}<button>Send result</button></form>
        <form method="post" action="repeatLast"><button>Send the last result again</button></form>
      </body>
    </html>`;
}
