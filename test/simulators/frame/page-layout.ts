import { html } from 'hono/html';

export type Html = ReturnType<typeof html>;

/** The frame of every page that a candidate or a reviewer sees at the simulated vendor. */
export function toLayout({ title, view }: { title: string; view: Html }): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <style>
          body { font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif; margin: 0; color: #1d2733; background: #f4f6f8; }
          main { max-width: 40rem; margin: 3rem auto; padding: 2rem; background: #fff; border: 1px solid #dfe4ea; border-radius: 10px; }
          h1 { font-size: 1.4rem; margin: 0 0 .5rem; } p { margin: .5rem 0; } small { color: #5d6b7a; }
          label { display: block; margin: .75rem 0; } table { border-collapse: collapse; width: 100%; }
          th, td { text-align: start; padding: .4rem .5rem .4rem 0; border-bottom: 1px solid #e6eaef; vertical-align: top; }
          button, input, select { font: inherit; padding: .4rem .8rem; }
          button { background: #1d4f91; color: #fff; border: 0; border-radius: 6px; cursor: pointer; }
        </style>
      </head>
      <body><main>${view}</main></body>
    </html>`;
}
