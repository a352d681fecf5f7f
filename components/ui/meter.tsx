export interface MeterProps {
  /** What is measured, e.g. the skill. */
  label: string;
  value: number;
  max: number;
  /** The value in words, as the screen shows it. */
  text: string;
}

/** A thin bar for a value on a scale that has a maximum. */
export function Meter({ label, value, max, text }: MeterProps) {
  const share = Math.min(1, Math.max(0, value / max));
  return (
    // biome-ignore lint/a11y/useSemanticElements: browsers draw their own <meter>, which no token reaches.
    <span
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={value}
      aria-valuetext={text}
      className="block h-1.5 w-full overflow-hidden rounded-full bg-hover"
    >
      <span className="block h-full rounded-full bg-accent" style={{ width: `${share * 100}%` }} />
    </span>
  );
}
