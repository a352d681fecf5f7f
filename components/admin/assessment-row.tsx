import { Archive, Pencil } from 'lucide-react';
import { useState } from 'react';
import { PATHS } from '../../lib/contract/paths.ts';
import type { AssessmentView, ConnectionView } from '../../lib/contract/settings.ts';
import { Button } from '../ui/button.tsx';
import { t } from '../ui/t.ts';
import { fillPath } from './admin-api.ts';
import { useAdmin } from './admin-context.ts';
import { AskFirst } from './ask-first.tsx';
import { AssessmentForm } from './assessment-form.tsx';
import { AssessmentLinks } from './assessment-links.tsx';
import { kindWord } from './assessment-words.ts';
import { Troubles } from './troubles.tsx';
import { useSave } from './use-save.ts';

export interface AssessmentRowProps {
  assessment: AssessmentView;
  vendors: ConnectionView[];
}

/** One assessment under its tag: what it is, what keeps it from being sent, and its form when asked for. */
export function AssessmentRow({ assessment, vendors }: AssessmentRowProps) {
  const { api } = useAdmin();
  const [isEditing, setIsEditing] = useState(false);
  const { id, name, tag, troubles, warnings, links } = assessment;
  const archiving = useSave({
    save: () => api.remove(fillPath(PATHS.assessment, { id })),
    said: t('admin.assessments.archivedNow', name),
  });
  return (
    <li className="grid grid-cols-1 gap-3 py-3">
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="grid min-w-56 flex-1 gap-1">
          <h3 className="flex flex-wrap items-center gap-2 font-medium">
            <bdi>{name}</bdi>
            <span className="rounded-sm bg-accent-soft px-1.5 text-xs font-normal text-accent">
              <span className="sr-only">{t('admin.assessments.tag')} </span>
              <bdi>{tag}</bdi>
            </span>
          </h3>
          <p className="text-xs text-muted">{factsOf(assessment).join(' · ')}</p>
        </div>
        {!isEditing && (
          <Button icon={Pencil} aria-label={t('admin.assessments.changeNamed', name)} onClick={() => setIsEditing(true)}>
            {t('admin.assessments.change')}
          </Button>
        )}
        {!isEditing && (
          <AskFirst
            label={t('admin.assessments.archive')}
            accessibleName={t('admin.assessments.archiveNamed', name)}
            icon={Archive}
            confirm={t('admin.assessments.archiveNamed', name)}
            isBusy={archiving.isBusy}
            failure={archiving.failure}
            onConfirm={() => void archiving.run(undefined)}
          >
            {t('admin.assessments.archiveMeans', tag)}
          </AskFirst>
        )}
      </div>
      <Troubles texts={[...troubles, ...warnings]} />
      {links && !isEditing && <AssessmentLinks assessment={assessment} links={links} />}
      {isEditing && (
        <AssessmentForm
          assessment={assessment}
          vendors={vendors}
          onDone={() => setIsEditing(false)}
          onCancel={() => setIsEditing(false)}
        />
      )}
    </li>
  );
}

function factsOf({ vendorName, kind, durationMinutes, passMark, deadlineDays, handover, links }: AssessmentView): string[] {
  return [
    vendorName,
    kindWord(kind),
    ...(durationMinutes === null ? [] : [t('admin.assessments.minutes', durationMinutes)]),
    passMark === null ? t('admin.assessments.noMark') : t('admin.assessments.mark', passMark),
    t('admin.assessments.days', deadlineDays),
    handoverFact(handover),
    ...(links ? [t('admin.assessments.fromPool', links.free)] : []),
  ];
}

function handoverFact(handover: AssessmentView['handover']): string {
  if (handover === 'copy link') return t('admin.assessments.byLink');
  return handover === 'our e-mail' ? t('admin.assessments.byOurMail') : t('admin.assessments.byVendorMail');
}
