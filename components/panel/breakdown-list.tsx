import type { ResultView } from '../../lib/contract/panel.ts';
import { Meter } from '../ui/meter.tsx';
import { scoreText } from './score-text.ts';

type Line = ResultView['breakdown'][number];

/** Skill by skill: a bar where there is a maximum, else the number or the word. */
export function BreakdownList({ lines }: { lines: Line[] }) {
  return (
    <ul className="grid grid-cols-1 gap-1.5">
      {lines.map((line) => (
        <li key={`${line.kind}:${line.name}`} className="grid grid-cols-[minmax(0,1fr)_auto_6rem] items-center gap-x-3">
          <span dir="auto" className="truncate" title={line.name}>
            {line.name}
          </span>
          <LineValue line={line} />
        </li>
      ))}
    </ul>
  );
}

function LineValue({ line: { name, score, rating } }: { line: Line }) {
  const text = scoreText({ score });
  if (!score || score.max === null || score.max <= 0 || text === null) {
    return (
      <span dir="auto" className="col-span-2 text-end font-medium tabular-nums">
        {rating ?? text}
      </span>
    );
  }
  return (
    <>
      <span className="text-end tabular-nums">{text}</span>
      <Meter label={name} value={score.value} max={score.max} text={text} />
    </>
  );
}
