import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { z } from 'zod';
import { PATHS } from '../../lib/contract/paths.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { t } from '../ui/t.ts';
import { type ActivityFilters, toQuery } from './activity-query.ts';
import { useAdmin } from './admin-context.ts';
import { saveFile } from './save-file.ts';
import { SelectField } from './select-field.tsx';

const TYPES = { csv: 'text/csv;charset=utf-8', ndjson: 'application/x-ndjson' } as const;

/** All that the filters find, as a file. */
export function ActivityExport({ filters }: { filters: ActivityFilters }) {
  const { api, announce } = useAdmin();
  const [format, setFormat] = useState<keyof typeof TYPES>('csv');
  const exporting = useMutation({
    mutationFn: () => api.read(`${PATHS.activityExport}${toQuery(filters, { format })}`, z.string()),
    onSuccess: (text) => {
      saveFile({ name: `tagalong-activity.${format}`, type: TYPES[format], text });
      announce(t('admin.activity.exported'));
    },
  });
  return (
    <div className="grid grid-cols-1 gap-2">
      <div className="flex flex-wrap items-end gap-3">
        <div className="w-52">
          <SelectField
            label={t('admin.activity.format')}
            value={format}
            options={[
              { value: 'csv', label: t('admin.activity.csv') },
              { value: 'ndjson', label: t('admin.activity.ndjson') },
            ]}
            onChange={(value) => setFormat(value === 'ndjson' ? 'ndjson' : 'csv')}
          />
        </div>
        <Button icon={Download} isBusy={exporting.isPending} onClick={() => exporting.mutate()}>
          {t('admin.activity.export')}
        </Button>
      </div>
      {exporting.error && (
        <Notice tone="bad" isUrgent>
          {exporting.error.message}
        </Notice>
      )}
    </div>
  );
}
