import type { ReactNode } from 'react';

export interface PaneProps {
  title: string;
  intro: string;
  children: ReactNode;
}

/** One section of the page: its name, one sentence about it, its cards. */
export function Pane({ title, intro, children }: PaneProps) {
  return (
    <div className="grid grid-cols-1 gap-4">
      <header className="grid gap-1">
        <h1 tabIndex={-1} data-pane-title className="text-lg font-semibold tracking-tight outline-none">
          {title}
        </h1>
        <p className="max-w-[68ch] text-base text-muted">{intro}</p>
      </header>
      {children}
    </div>
  );
}
