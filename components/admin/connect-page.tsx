import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { readServerAddress } from '../../lib/browser/server-address.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { t } from '../ui/t.ts';
import type { AdminBackend, RequestOrigin } from './backend.ts';
import { focusFirstProblem } from './focus-first-problem.ts';
import { STATUS_KEY } from './query-client.ts';
import { TextField } from './text-field.tsx';

export interface ConnectPageProps {
  backend: Pick<AdminBackend, 'pair'>;
  requestOrigin: RequestOrigin;
}

const EMPTY = { address: '', code: '', name: '' };
type Values = typeof EMPTY;

/** The first thing anybody sees: which server, the code that lets this browser in, and who sits in front of it. */
export function ConnectPage({ backend, requestOrigin }: ConnectPageProps) {
  const client = useQueryClient();
  const [values, setValues] = useState<Values>(EMPTY);
  const [wasTried, setWasTried] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const all = checkConnect(values);
  const field = (name: keyof Values) => ({
    value: values[name],
    problem: wasTried ? all[name] : undefined,
    onChange: (value: string) => setValues({ ...values, [name]: value }),
  });

  const connect = async () => {
    const address = readServerAddress(values.address);
    if ('wrong' in address) return;
    // Before anything is awaited: browsers ask for access only while they handle the click.
    const isAllowed = requestOrigin(address.origin);
    setIsBusy(true);
    setRefusal(null);
    try {
      setRefusal(await pair(address.origin, await isAllowed));
    } catch (error) {
      console.error('tagalong: the background did not answer', error);
      setRefusal(t('admin.noAnswer'));
    }
    setIsBusy(false);
  };

  async function pair(serverUrl: string, isAllowed: boolean): Promise<string | null> {
    if (!isAllowed) return t('error.no_site_access', serverUrl);
    const answer = await backend.pair({ serverUrl, code: values.code.trim(), name: values.name.trim() });
    if ('refused' in answer) return answer.message;
    await client.resetQueries({ queryKey: STATUS_KEY });
    return null;
  }

  const submit = (event: FormEvent<HTMLElement>) => {
    event.preventDefault();
    setWasTried(true);
    if (Object.keys(all).length > 0) return focusFirstProblem(event.currentTarget);
    if (!isBusy) void connect();
  };
  return (
    <main className="grid min-h-dvh place-items-center bg-ground p-4">
      <div className="grid w-full max-w-md grid-cols-1 gap-4 rounded-md border border-line bg-surface p-6">
        <header className="grid gap-1">
          <h1 className="text-lg font-semibold tracking-tight">{t('admin.connect.title')}</h1>
          <p className="text-muted">{t('admin.connect.text')}</p>
        </header>
        <form noValidate onSubmit={submit} className="grid grid-cols-1 gap-4">
          <TextField
            label={t('admin.connect.address')}
            hint={t('admin.connect.addressHint')}
            type="url"
            dir="ltr"
            placeholder="https://tagalong.example.com"
            {...field('address')}
          />
          <TextField
            label={t('admin.connect.code')}
            hint={t('admin.connect.codeHint')}
            dir="ltr"
            placeholder="XXXX-XXXX-XXXX"
            className="font-mono tracking-wide uppercase placeholder:normal-case"
            {...field('code')}
          />
          <TextField
            label={t('admin.connect.name')}
            hint={t('admin.connect.nameHint')}
            autoComplete="name"
            maxLength={120}
            {...field('name')}
          />
          {refusal && (
            <Notice tone="bad" isUrgent>
              {refusal}
            </Notice>
          )}
          <Button look="primary" type="submit" isBusy={isBusy}>
            {isBusy ? t('admin.connect.busy') : t('admin.connect.button')}
          </Button>
        </form>
        <p className="text-xs text-muted">{t('admin.connect.access')}</p>
      </div>
    </main>
  );
}

function checkConnect({ address, code, name }: Values): Partial<Record<keyof Values, string>> {
  const read = readServerAddress(address);
  const problems: Partial<Record<keyof Values, string>> = {};
  if ('wrong' in read) problems.address = read.wrong === 'not-https' ? t('error.not_https') : t('error.no_address');
  if (code.replace(/[^0-9a-z]/gi, '').length < 4) problems.code = t('admin.problem.code');
  if (!name.trim()) problems.name = t('admin.problem.needed');
  return problems;
}
