import { classNames } from './class-names.ts';

/** One grey line where text will be. Give it a width; it is as tall as the text. */
export function Skeleton({ className }: { className: string }) {
  return (
    <span
      aria-hidden
      className={classNames('block h-3 max-w-full rounded-sm bg-hover motion-safe:animate-pulse-slow', className)}
      data-skeleton
    />
  );
}
