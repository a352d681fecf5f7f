import { html } from 'hono/html';

export type Markup = ReturnType<typeof html> | string;

export interface Layout {
  title: string;
  on: 'candidates' | 'jobs';
  hostile: boolean;
  view: Markup;
}

/** The frame of every page; `#view` is what a navigation without a load replaces. */
export function toPage({ title, on, hostile, view }: Layout): Markup {
  const hostileLink = hostile ? html`<link rel="stylesheet" href="/assets/hostile.css" />` : '';
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        <meta name="csrf-token" content="simulated" />
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/assets/ats.css" />
        ${hostileLink}
        <script src="/assets/ats.js" defer></script>
      </head>
      <body>
        <header class="bar">
          <span class="brand">Northwind hiring</span>
          <a href="/alljobs" class="${on === 'jobs' ? 'on' : ''}">Jobs</a>
          <a href="/people" class="${on === 'candidates' ? 'on' : ''}">Candidates</a>
          <a href="/applications/review/app_review">Application review</a>
          <span class="find">Search</span>
          <span class="face" aria-hidden="true">RI</span>
        </header>
        <main id="view">${view}</main>
      </body>
    </html>`;
}
