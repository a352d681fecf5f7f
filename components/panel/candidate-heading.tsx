import type { ReactNode } from 'react';
import { t } from '../ui/t.ts';

export interface CandidateHeadingProps {
  name: string | null;
  lines: string[];
  /** At the end of the name's line. */
  menu?: ReactNode;
  children?: ReactNode;
}

/** Who this is about. Names are shown as the ATS has them, in their own direction. */
export function CandidateHeading({ name, lines, menu, children }: CandidateHeadingProps) {
  return (
    <div className="px-3 py-2.5">
      <div className="flex items-center gap-1">
        <h2 dir="auto" className="min-w-0 flex-1 truncate text-base font-semibold" title={name ?? undefined}>
          {name ?? t('panel.candidate.noName')}
        </h2>
        {menu}
      </div>
      <p className="break-words text-muted">
        {lines.map((line, index) => (
          <span key={line}>
            {index > 0 && ' · '}
            <bdi>{line}</bdi>
          </span>
        ))}
      </p>
      {children}
    </div>
  );
}
