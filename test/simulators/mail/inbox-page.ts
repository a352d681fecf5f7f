import { html } from 'hono/html';
import type { ReceivedMail } from './read-mail.ts';

const STYLE = `body{font:14px/1.5 system-ui,"DejaVu Sans",sans-serif;margin:24px auto;max-width:900px;padding:0 20px;color:#1d2a2e}
article{border:1px solid #e3e8e7;border-radius:8px;padding:12px 16px;margin:0 0 12px}h2{font-size:15px;margin:0}pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit}
form{display:inline-flex;gap:4px;margin:0 8px 4px 0}button,input{font:inherit;padding:2px 8px}a{overflow-wrap:anywhere}`;

/** Every mail that arrived, newest first, with its links to click. */
export function toInboxPage({ mails, refused }: { mails: readonly ReceivedMail[]; refused: readonly string[] }) {
  const plan = (kind: string, label: string) =>
    html`<form method="post" action="failNext"><input type="hidden" name="kind" value="${kind}" /><button>${label}</button></form>`;
  return html`<!doctype html>
    <html lang="en">
      <head><meta charset="utf-8" /><title>Inbox</title><link rel="icon" href="data:," /><style>${STYLE}</style></head>
      <body>
        <h1>Inbox</h1>
        <p>The next mail: ${plan('greylist', 'come again later')} ${plan('reject', 'is rejected')} ${plan('drop', 'is taken, answer lost')} ${plan('hang', 'is never answered')}</p>
        <form method="post" action="refuse"><input name="address" placeholder="someone@example.com" /><button>Refuse this address</button></form>
        ${refused.map(
          (address) =>
            html`<form method="post" action="accept"><input type="hidden" name="address" value="${address}" /><button>Accept ${address} again</button></form>`,
        )}
        ${mails.toReversed().map(
          ({ at, to, from, subject, text, links }) => html`<article>
            <h2>${subject}</h2><small>${at} from ${from} to <b>${to.join(', ')}</b></small>
            <pre>${text}</pre>
            <ul>${links.map((link) => html`<li><a href="${link}">${link}</a></li>`)}</ul>
          </article>`,
        )}
      </body>
    </html>`;
}
