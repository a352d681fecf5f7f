import { type FormEvent, useId, useState } from 'react';
import { PATHS } from '../../lib/contract/paths.ts';
import { type ConnectionView, stagesViewSchema } from '../../lib/contract/settings.ts';
import { STAGE_ROLES } from '../../lib/domain/stage-role.ts';
import { INPUT_LOOK } from '../ui/field.tsx';
import { filterOptions } from '../ui/filter-options.ts';
import { t, tCount } from '../ui/t.ts';
import { fillPath } from './admin-api.ts';
import { useAdmin } from './admin-context.ts';
import { Card } from './card.tsx';
import { QueryView } from './query-view.tsx';
import { SaveBar } from './save-bar.tsx';
import { type RoleByKey, type StageRow, savedRoles, stageRows, toRoleSettings } from './stage-rows.ts';
import { TextField } from './text-field.tsx';
import { useDraft } from './use-draft.ts';
import { useSave } from './use-save.ts';
import { outsideKey, type StagesView, useStages } from './use-settings.ts';

/** More lines than this are searched, not looked through. */
const SEARCH_FROM = 12;

/** The stages of one ATS, each with what it means: send here, the interviews after it, the offer. */
export function StagesCard({ connection }: { connection: ConnectionView }) {
  const stages = useStages(connection.id);
  return (
    <Card
      title={t('admin.stages.title', connection.name)}
      text={t(connection.kind === 'greenhouse' ? 'admin.stages.byName' : 'admin.stages.byStage')}
    >
      <QueryView query={stages}>{(view) => <StagesForm connection={connection} view={view} />}</QueryView>
    </Card>
  );
}

function StagesForm({ connection, view }: { connection: ConnectionView; view: StagesView }) {
  const { api } = useAdmin();
  const { id, kind } = connection;
  const [search, setSearch] = useState('');
  const rows = stageRows(kind === 'greenhouse' ? 'greenhouse' : 'lever', view);
  const draft = useDraft<RoleByKey>(savedRoles(rows, view.roles));
  const saving = useSave({
    save: () => {
      const roles = toRoleSettings(rows, draft.values);
      return api.write('PUT', fillPath(PATHS.stageRoles, { id }), { roles }, stagesViewSchema);
    },
    refresh: outsideKey(PATHS.stages, id),
    said: t('admin.save.saved'),
  });
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (await saving.run(undefined)) draft.reset();
  };
  const discard = () => {
    saving.forget();
    draft.reset();
  };
  if (rows.length === 0) return <p className="text-muted">{t('admin.stages.none')}</p>;
  const shown = filterOptions(
    rows.map((row) => ({ id: row.key, label: row.name, detail: row.jobNames.join(' '), row })),
    search,
  );
  const hasAssessment = Object.values(draft.values).includes('assessment');
  return (
    <form noValidate onSubmit={(event) => void save(event)} className="grid grid-cols-1 gap-3">
      {!hasAssessment && <p className="font-medium text-warn">{t('admin.stages.noneYet')}</p>}
      {rows.length > SEARCH_FROM && (
        <div className="max-w-sm">
          <TextField label={t('admin.stages.search')} type="search" value={search} onChange={setSearch} />
        </div>
      )}
      <ul className="grid grid-cols-1 divide-y divide-line border-y border-line">
        {shown.map(({ row }) => (
          <StageLine
            key={row.key}
            row={row}
            role={draft.values[row.key] ?? ''}
            isChanged={draft.changed.includes(row.key)}
            onChange={(role) => draft.set({ [row.key]: role })}
          />
        ))}
      </ul>
      {shown.length === 0 && <p className="text-muted">{t('admin.stages.noMatch')}</p>}
      <SaveBar
        changed={rows.filter(({ key }) => draft.changed.includes(key)).map(({ name }) => name)}
        isBusy={saving.isBusy}
        failure={saving.failure}
        isDone={saving.isDone}
        onDiscard={discard}
      />
    </form>
  );
}

interface StageLineProps {
  row: StageRow;
  role: RoleByKey[string];
  isChanged: boolean;
  onChange(role: RoleByKey[string]): void;
}

function StageLine({ row, role, isChanged, onChange }: StageLineProps) {
  const id = useId();
  return (
    <li className="grid grid-cols-1 items-center gap-x-3 gap-y-1 py-2 sm:grid-cols-[minmax(0,1fr)_14rem]">
      <div className="grid min-w-0">
        <label htmlFor={id} dir="auto" className="font-medium">
          {row.name}
        </label>
        <p id={`${id}-where`} className="text-xs text-muted">
          {whereOf(row)}
          {isChanged && <span className="text-accent"> {t('admin.save.unsaved')}</span>}
        </p>
      </div>
      <select
        id={id}
        aria-describedby={`${id}-where`}
        value={role}
        onChange={(event) => onChange(STAGE_ROLES.find((it) => it === event.target.value) ?? '')}
        className={`${INPUT_LOOK} h-8 ${role ? '' : 'text-muted'}`}
      >
        <option value="">{t('admin.stages.role.none')}</option>
        {STAGE_ROLES.map((value) => (
          <option key={value} value={value}>
            {t(`admin.stages.role.${value}`)}
          </option>
        ))}
      </select>
    </li>
  );
}

function whereOf({ isKnown, jobNames, target }: StageRow): string {
  if (!isKnown) return t('admin.stages.gone');
  if (jobNames.length === 0) return '';
  return target.stageId === null ? tCount('admin.stages.jobs', jobNames.length) : t('admin.stages.onlyJob', jobNames.join(', '));
}
