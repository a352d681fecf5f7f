import type { ReactNode } from 'react';
import { t } from '../ui/t.ts';

export interface CandidateHeadingProps {
  name: string | null;
  lines: string[];
  children?: ReactNode;
}

/** Who this is about. Names are shown as the ATS has them, in their own direction. */
export function CandidateHeading({ name, lines, children }: CandidateHeadingProps) {
  return (
    <div className="px-3 py-2.5">
      <h2 dir="auto" className="truncate text-base font-semibold" title={name ?? undefined}>
        {name ?? t('panel.candidate.noName')}
      </h2>
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
