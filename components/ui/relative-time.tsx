import { formatExact, formatMoment, formatRelative } from './format-time.ts';
import { useNow } from './use-now.ts';

const REFRESH_MS = 30_000;

export interface RelativeTimeProps {
  /** ISO 8601. */
  at: string;
  /** `moment`: the hour today, else the day; for lists where every line has one. */
  as?: 'relative' | 'moment';
}

/** How long ago (or ahead) something is, kept current, with the exact time on hover. */
export function RelativeTime({ at, as = 'relative' }: RelativeTimeProps) {
  const now = useNow(REFRESH_MS, at);
  const time = Date.parse(at);
  if (Number.isNaN(time)) return null;
  const text = as === 'moment' ? formatMoment(time, now) : formatRelative(time, now);
  return (
    <time dateTime={at} title={formatExact(time)} className="whitespace-nowrap tabular-nums">
      {text}
    </time>
  );
}
