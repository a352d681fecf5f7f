import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { t } from '../ui/t.ts';
import type { ActivityFilters } from './activity-query.ts';
import { useAdmin } from './admin-context.ts';
import { readActivityFile } from './read-activity-file.ts';
import { saveFile } from './save-file.ts';
import { SelectField } from './select-field.tsx';

const TYPES = { csv: 'text/csv;charset=utf-8', ndjson: 'application/x-ndjson' } as const;

interface Asked {
  filters: ActivityFilters;
  format: keyof typeof TYPES;
}

/** All that the filters find, as a file: whole or not at all. */
export function ActivityExport({ filters }: { filters: ActivityFilters }) {
  const { api, announce } = useAdmin();
  const [format, setFormat] = useState<Asked['format']>('csv');
  const exporting = useMutation({
    mutationFn: (asked: Asked) => readActivityFile(api, asked.filters, asked.format),
    // Of what was asked for: it takes a while, in which something else may be picked.
    onSuccess: (texts, asked) => {
      saveFile({ name: `tagalong-activity.${asked.format}`, type: TYPES[asked.format], texts });
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
        <Button icon={Download} isBusy={exporting.isPending} onClick={() => exporting.mutate({ filters, format })}>
          {t('admin.activity.export')}
        </Button>
      </div>
      {exporting.error && (
        <Notice tone="bad" isUrgent>
          {exporting.error.message} {t('admin.activity.notSaved')}
        </Notice>
      )}
    </div>
  );
}
