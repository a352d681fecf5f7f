import { type ReactNode, useId } from 'react';

export interface CardProps {
  title: string;
  /** Beside the title: its state, a button. */
  aside?: ReactNode;
  /** What it is about, in a sentence. */
  text?: string;
  children?: ReactNode;
}

/** One thing to read or set, with a name. */
export function Card({ title, aside, text, children }: CardProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="rounded-md border border-line bg-surface">
      <header className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 px-4 pt-3 pb-2">
        <h2 id={id} dir="auto" className="me-auto text-base font-semibold">
          {title}
        </h2>
        {aside}
      </header>
      <div className="grid grid-cols-1 gap-4 px-4 pb-4">
        {text && <p className="max-w-[68ch] text-muted">{text}</p>}
        {children}
      </div>
    </section>
  );
}
