import type { Fleet } from './fleet.ts';

/** What some process had begun at one moment: lanes that were held, effects whose call was being made, jobs that were taken. */
export interface UnderWay {
  lanes: { key: string; token: string | null; hinted: number }[];
  effects: { id: string; attempts: number }[];
}

/**
 * What the processes that are gone by now had begun: held lanes and running effects by the locks that ended with their process, and what
 * stands in jobs that were taken and whose work is not done. Work of the living that stands in such a job counts too.
 */
export async function findLeftBehind({ ask }: Fleet): Promise<UnderWay> {
  return {
    lanes: await ask(`select key, lease_token as token, hinted::int as hinted from tagalong.applications
      where (lease_token is not null and lease_holder is not null and lease_until > now() and not ${shows("'tagalong process ' || lease_holder")})
         or (lease_token is null and (hinted > handled or exists (select from tagalong.inputs where application_key = applications.key and handled_at is null))
             and key::text in (select singleton_key::text from pgboss.job where name = 'lane' and state = 'active'))`),
    effects: await ask(`select id, attempts from tagalong.effects where not ${shows('id::text')}
      and (state = 'calling' and (error is null or run_after is null)
        or state = 'queued' and id::text in (select singleton_key::text from pgboss.job where name = 'effect' and state = 'active'))`),
  };
}

/** Of that, what nobody has gone on with yet. */
export async function stillLeft({ ask }: Fleet, { lanes, effects }: UnderWay): Promise<UnderWay> {
  const rows = await ask<{ key: string; token: string | null; open: boolean }>(
    `select key, lease_token as token, (hinted > handled or exists (select from tagalong.inputs where application_key = applications.key and handled_at is null)) as open
     from tagalong.applications where key = any($1::uuid[])`,
    [lanes.map(({ key }) => key)],
  );
  const tried = await ask<{ id: string; attempts: number; state: string }>(
    'select id, attempts, state from tagalong.effects where id = any($1::uuid[])',
    [effects.map(({ id }) => id)],
  );
  return {
    lanes: lanes.filter(({ key, token }) => rows.some((row) => row.key === key && row.open && (row.token ?? token) === token)),
    effects: effects.filter(({ id, attempts }) =>
      tried.some((row) => row.id === id && row.attempts === attempts && ['queued', 'calling'].includes(row.state)),
    ),
  };
}

const shows = (
  name: string,
) => `exists (select from pg_locks l join pg_database d on d.oid = l.database and d.datname = current_database()
  where l.locktype = 'advisory' and l.objsubid = 1 and l.granted
    and (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended(${name}, 0))`;
