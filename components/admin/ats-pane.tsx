import { ATS_NAMES, type AtsKind } from '../../lib/domain/ats.ts';
import { t } from '../ui/t.ts';
import { CompanySitesCard } from './company-sites-card.tsx';
import { ConnectionGroup } from './connection-group.tsx';
import { Pane } from './pane.tsx';
import { QueryView } from './query-view.tsx';
import { useConnections, useOverview } from './use-settings.ts';

/** The connections to one ATS. */
export function AtsPane({ kind }: { kind: AtsKind }) {
  const connections = useConnections();
  const overview = useOverview();
  return (
    <Pane title={ATS_NAMES[kind]} intro={t('admin.connection.introAts', ATS_NAMES[kind])}>
      <QueryView query={overview}>
        {({ publicUrl }) => (
          <QueryView query={connections}>
            {(data) => (
              <>
                <ConnectionGroup kind={kind} connections={data.connections} publicUrl={publicUrl} startsOpen />
                {kind === 'greenhouse' && <CompanySitesCard connections={data.connections} />}
              </>
            )}
          </QueryView>
        )}
      </QueryView>
    </Pane>
  );
}
