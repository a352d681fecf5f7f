import { Notice } from '../ui/notice.tsx';

/** What is missing or went wrong last, sentence by sentence. */
export function Troubles({ texts }: { texts: string[] }) {
  if (texts.length === 0) return null;
  return (
    <Notice tone="warn">
      <ul className="grid gap-1">
        {texts.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </Notice>
  );
}
