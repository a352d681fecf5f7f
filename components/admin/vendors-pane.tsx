import { VENDOR_KINDS } from '../../lib/domain/assessment.ts';
import { t } from '../ui/t.ts';
import { ConnectionGroup } from './connection-group.tsx';
import { HooksCard } from './hooks-card.tsx';
import { Pane } from './pane.tsx';
import { QueryView } from './query-view.tsx';
import { useConnections, useOverview } from './use-settings.ts';

/** The connections to assessment vendors, one part for each. */
export function VendorsPane() {
  const connections = useConnections();
  const overview = useOverview();
  return (
    <Pane title={t('admin.section.vendors')} intro={t('admin.vendors.intro')}>
      <QueryView query={overview}>
        {({ publicUrl }) => (
          <QueryView query={connections}>
            {(data) =>
              VENDOR_KINDS.map((kind) => (
                <div
                  key={kind}
                  className="grid grid-cols-1 gap-3 border-t border-line pt-4 first-of-type:border-t-0 first-of-type:pt-0"
                >
                  <p className="max-w-[68ch] text-muted">{t(`admin.vendors.${kind}`)}</p>
                  <ConnectionGroup kind={kind} connections={data.connections} publicUrl={publicUrl} startsOpen={false} />
                </div>
              ))
            }
          </QueryView>
        )}
      </QueryView>
      <HooksCard />
    </Pane>
  );
}
