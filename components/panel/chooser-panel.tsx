import { ChevronRight } from 'lucide-react';
import type { ChooserView } from '../../lib/contract/panel.ts';
import { t } from '../ui/t.ts';
import { CandidateHeading } from './candidate-heading.tsx';

export interface ChooserPanelProps {
  view: ChooserView;
  onChoose(applicationId: string): void;
}

/** The page shows a person, not an application: ask which one is meant. */
export function ChooserPanel({ view, onChoose }: ChooserPanelProps) {
  return (
    <>
      <CandidateHeading name={view.candidateName} lines={[t('panel.chooser.text')]} />
      <ul className="border-t border-line p-1">
        {view.applications.map((application) => (
          <li key={application.applicationId}>
            <button
              type="button"
              onClick={() => onChoose(application.applicationId)}
              className="flex w-full items-center gap-2 rounded-md p-2 text-start hover:bg-hover focus-visible:-outline-offset-2"
            >
              <span className="min-w-0 flex-1">
                <span dir="auto" className="block truncate font-medium">
                  {application.jobName ?? t('panel.candidate.noJob')}
                </span>
                <span dir="auto" className="block truncate text-xs text-muted">
                  {[application.stageName, statusWord(application.status)].filter(Boolean).join(' · ')}
                </span>
              </span>
              <ChevronRight aria-hidden size={16} className="shrink-0 text-muted rtl:rotate-180" />
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

const CLOSED = ['archived', 'hired', 'prospect'] as const;

/** Null for one that runs, as in the heading of a candidate, and for what a newer server may say. */
function statusWord(status: string): string | null {
  const known = CLOSED.find((one) => one === status);
  return known ? t(`panel.candidate.status.${known}`) : null;
}
