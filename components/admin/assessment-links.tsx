import { type FormEvent, useState } from 'react';
import { PATHS } from '../../lib/contract/paths.ts';
import { type AssessmentView, addPoolLinksSchema, poolAddedSchema } from '../../lib/contract/settings.ts';
import { Button } from '../ui/button.tsx';
import { Disclosure } from '../ui/disclosure.tsx';
import { Field, INPUT_LOOK } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { t } from '../ui/t.ts';
import { fillPath } from './admin-api.ts';
import { useAdmin } from './admin-context.ts';
import { AskFirst } from './ask-first.tsx';
import { useSave } from './use-save.ts';

export interface AssessmentLinksProps {
  assessment: Pick<AssessmentView, 'id' | 'name'>;
  links: NonNullable<AssessmentView['links']>;
}

/** The pool of one-time links: how many are left, and room to paste more. A link that went in is never shown again. */
export function AssessmentLinks({ assessment: { id, name }, links }: AssessmentLinksProps) {
  const { api } = useAdmin();
  const [isOpen, setIsOpen] = useState(links.free === 0);
  const [text, setText] = useState('');
  const path = fillPath(PATHS.assessmentLinks, { id });
  const adding = useSave({
    save: (lines: string[]) => api.write('POST', path, addPoolLinksSchema.parse({ links: lines }), poolAddedSchema),
    said: ({ added, known }) => t('admin.assessments.poolAdded', added, known),
  });
  const emptying = useSave({ save: () => api.remove(path), said: t('admin.assessments.poolDeleted') });
  const add = async (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== '' && (await adding.run(text.split('\n')))) setText('');
  };
  return (
    <Disclosure label={t('admin.assessments.poolNamed', name)} isOpen={isOpen} onToggle={setIsOpen}>
      <div className="grid max-w-2xl grid-cols-1 gap-3">
        <p>{t('admin.assessments.poolCounts', links.free, links.taken)}</p>
        <form noValidate onSubmit={(event) => void add(event)} className="grid grid-cols-1 gap-2">
          <Field
            label={t('admin.assessments.poolField')}
            hint={t('admin.assessments.poolHint')}
            problem={adding.failure?.message ?? null}
          >
            {(control) => (
              <textarea
                {...control}
                dir="ltr"
                rows={4}
                spellCheck={false}
                autoComplete="off"
                placeholder="https://"
                value={text}
                onChange={(event) => setText(event.target.value)}
                className={INPUT_LOOK}
              />
            )}
          </Field>
          <div className="flex flex-wrap gap-2">
            <Button type="submit" isBusy={adding.isBusy}>
              {t('admin.assessments.poolAdd')}
            </Button>
          </div>
        </form>
        {adding.answer && (
          <Notice tone="info">{t('admin.assessments.poolAdded', adding.answer.added, adding.answer.known)}</Notice>
        )}
        {links.free > 0 && (
          <div className="flex">
            <AskFirst
              label={t('admin.assessments.poolDelete')}
              accessibleName={t('admin.assessments.poolDeleteNamed', name)}
              confirm={t('admin.assessments.poolDelete')}
              look="danger"
              isBusy={emptying.isBusy}
              failure={emptying.failure}
              onConfirm={() => void emptying.run(undefined)}
            >
              {t('admin.assessments.poolDeleteMeans')}
            </AskFirst>
          </div>
        )}
      </div>
    </Disclosure>
  );
}
