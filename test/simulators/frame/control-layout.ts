import { html } from 'hono/html';
import type { Html } from './page-layout.ts';

const STYLE = `body{font:14px/1.5 system-ui,"DejaVu Sans",sans-serif;margin:24px auto;max-width:1200px;padding:0 20px;color:#1d2a2e}
table{border-collapse:collapse;width:100%;margin:8px 0 24px}td,th{text-align:start;padding:6px 10px 6px 0;border-bottom:1px solid #e3e8e7;vertical-align:top}
form{display:inline-flex;gap:4px;margin:0 8px 4px 0}code{font-size:12px;overflow-wrap:anywhere}button,select,input{font:inherit;padding:2px 8px}h2{font-size:16px}`;

/** A page without scripts on which a person plays a vendor and its candidates. */
export function toControlLayout({ title, view }: { title: string; view: Html }): Html {
  return html`<!doctype html>
    <html lang="en">
      <head><meta charset="utf-8" /><title>${title}</title><link rel="icon" href="data:," /><style>${STYLE}</style></head>
      <body><h1>${title}</h1>${view}</body>
    </html>`;
}

/** A button that orders a command; `fields` are what the person fills in. */
export function toForm(action: string, label: string, hidden: Record<string, string> = {}, fields: Html | string = ''): Html {
  return html`<form method="post" action="${action}">${Object.entries(hidden).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  )}${fields}<button>${label}</button></form>`;
}

/** The ways in which the next call can go wrong. */
export function toFailureForms(): Html {
  return html`<p>Next call fails: ${toForm('failNext', '503', { kind: 'status', status: '503' })} ${toForm('failNext', '429', { kind: 'status', status: '429' })}
    ${toForm('failNext', 'web page', { kind: 'html' })} ${toForm('failNext', 'hangs', { kind: 'hang' })} ${toForm('failNext', 'is slow', { kind: 'slow' })}
    ${toForm('failNext', 'connection cut', { kind: 'reset' })} ${toForm('failNext', 'done, answer lost', { kind: 'reset', when: 'after' })}
    ${toForm('releaseHangs', 'Release')} ${toForm('clearFailures', 'Clear')}</p>`;
}
