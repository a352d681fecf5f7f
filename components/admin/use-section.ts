import { useEffect, useState } from 'react';
import { type SectionId, sectionOfHash } from './sections.ts';

export interface SectionHandle {
  shown: SectionId;
  /** Where somebody wants to go although a form here is not saved. */
  wanted: SectionId | null;
  /** Goes there and loses what is not saved. */
  leave(): void;
  stay(): void;
}

/** Which pane the address means. While something is unsaved the pane stays until it is said what becomes of it. */
export function useSection(hasUnsaved: boolean): SectionHandle {
  const [shown, setShown] = useState(() => sectionOfHash(location.hash));
  const [wanted, setWanted] = useState<SectionId | null>(null);

  useEffect(() => {
    const follow = () => {
      const next = sectionOfHash(location.hash);
      if (next === shown) setWanted(null);
      else if (hasUnsaved) setWanted(next);
      else setShown(next);
    };
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, [shown, hasUnsaved]);

  useEffect(() => {
    if (!hasUnsaved) return;
    const askFirst = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', askFirst);
    return () => removeEventListener('beforeunload', askFirst);
  }, [hasUnsaved]);

  return {
    shown,
    wanted,
    leave: () => {
      if (wanted) setShown(wanted);
      setWanted(null);
    },
    stay: () => {
      setWanted(null);
      history.replaceState(null, '', `#${shown}`);
    },
  };
}
