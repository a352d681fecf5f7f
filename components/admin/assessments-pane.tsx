import { Plus, Tag } from 'lucide-react';
import { useState } from 'react';
import type { AssessmentView, ConnectionView } from '../../lib/contract/settings.ts';
import { Button } from '../ui/button.tsx';
import { Disclosure } from '../ui/disclosure.tsx';
import { t, tCount } from '../ui/t.ts';
import { AssessmentForm } from './assessment-form.tsx';
import { AssessmentRow } from './assessment-row.tsx';
import { Card } from './card.tsx';
import { EmptyCard } from './empty-card.tsx';
import { Pane } from './pane.tsx';
import { QueryView } from './query-view.tsx';
import { useAssessments, useConnections } from './use-settings.ts';

/** Which assessment each tag of the ATS means. */
export function AssessmentsPane() {
  const assessments = useAssessments();
  const connections = useConnections();
  return (
    <Pane title={t('admin.section.assessments')} intro={t('admin.assessments.intro')}>
      <QueryView query={connections}>
        {({ connections: all }) => (
          <QueryView query={assessments}>
            {(data) => <AssessmentList assessments={data.assessments} vendors={all.filter(({ side }) => side === 'vendor')} />}
          </QueryView>
        )}
      </QueryView>
    </Pane>
  );
}

function AssessmentList({ assessments, vendors }: { assessments: readonly AssessmentView[]; vendors: ConnectionView[] }) {
  const [isAdding, setIsAdding] = useState(false);
  const [isOpen, setIsOpen] = useState(false);
  const inUse = assessments.filter(({ archived }) => !archived);
  const archived = assessments.filter((assessment) => assessment.archived);
  if (vendors.length === 0) {
    return <EmptyCard icon={Tag} text={t('admin.assessments.vendorFirst')} door="vendors" />;
  }
  return (
    <>
      {inUse.length > 0 && (
        <Card title={t('admin.assessments.inUse')}>
          <ul className="-my-1 grid grid-cols-1 divide-y divide-line">
            {inUse.map((assessment) => (
              <AssessmentRow key={assessment.id} assessment={assessment} vendors={vendors} />
            ))}
          </ul>
        </Card>
      )}
      {isAdding || inUse.length === 0 ? (
        <Card title={t('admin.assessments.add')}>
          <AssessmentForm
            assessment={null}
            vendors={vendors}
            onDone={() => setIsAdding(false)}
            onCancel={inUse.length > 0 ? () => setIsAdding(false) : null}
          />
        </Card>
      ) : (
        <Button icon={Plus} className="justify-self-start" onClick={() => setIsAdding(true)}>
          {t('admin.assessments.add')}
        </Button>
      )}
      {archived.length > 0 && (
        <Disclosure label={tCount('admin.assessments.archived', archived.length)} isOpen={isOpen} onToggle={setIsOpen}>
          <ul className="grid gap-1 text-muted">
            {archived.map(({ id, name, tag, vendorName }) => (
              <li key={id}>
                <bdi>{name}</bdi> · <bdi>{tag}</bdi> · {vendorName}
              </li>
            ))}
          </ul>
        </Disclosure>
      )}
    </>
  );
}
