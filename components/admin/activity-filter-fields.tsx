import type { ActivityView } from '../../lib/contract/activity.ts';
import { t } from '../ui/t.ts';
import type { ActivityFilters } from './activity-query.ts';
import { SelectField } from './select-field.tsx';
import { TextField } from './text-field.tsx';
import { useConnections, useMembers } from './use-settings.ts';

export interface ActivityFilterFieldsProps {
  filters: ActivityFilters;
  actions: ActivityView['actions'];
  onChange(change: Partial<ActivityFilters>): void;
}

/** What to look for; the list follows as one types. */
export function ActivityFilterFields({ filters, actions, onChange }: ActivityFilterFieldsProps) {
  const members = useMembers().data?.members ?? [];
  const connections = useConnections().data?.connections ?? [];
  const set = (name: keyof ActivityFilters) => (value: string) => onChange({ [name]: value });
  return (
    <search className="grid grid-cols-1 items-start gap-3 sm:grid-cols-2 lg:grid-cols-3">
      <TextField
        label={t('admin.activity.search')}
        hint={t('admin.activity.searchHint')}
        type="search"
        maxLength={200}
        value={filters.text}
        onChange={set('text')}
      />
      <SelectField
        label={t('admin.activity.who')}
        value={filters.member}
        options={[
          { value: '', label: t('admin.activity.anybody') },
          ...members.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={set('member')}
      />
      <SelectField
        label={t('admin.activity.what')}
        value={filters.action}
        options={[
          { value: '', label: t('admin.activity.anything') },
          ...actions.map(({ action, what }) => ({ value: action, label: what })),
        ]}
        onChange={set('action')}
      />
      <SelectField
        label={t('admin.activity.connection')}
        value={filters.connection}
        options={[
          { value: '', label: t('admin.activity.anyConnection') },
          ...connections.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        onChange={set('connection')}
      />
      <TextField label={t('admin.activity.from')} type="date" value={filters.from} max={filters.to} onChange={set('from')} />
      <TextField label={t('admin.activity.to')} type="date" value={filters.to} min={filters.from} onChange={set('to')} />
    </search>
  );
}
