import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';

/**
 * When the focused button goes away (sent, undone, cancelled), the focus goes to the panel itself instead of nowhere, so
 * that the next Tab continues here and not at the top of the page.
 */
export function useFocusKeeper(root: RefObject<HTMLElement | null>): void {
  const hadFocus = useRef(false);

  useEffect(() => {
    const box = root.current;
    if (!box) return;
    const gained = () => {
      hadFocus.current = true;
    };
    // A removed element fires no focusout with a target; leaving the frame does, and so does a click on plain text.
    const lost = () => {
      hadFocus.current = false;
    };
    box.addEventListener('focusin', gained);
    window.addEventListener('blur', lost);
    return () => {
      box.removeEventListener('focusin', gained);
      window.removeEventListener('blur', lost);
    };
  }, [root]);

  useLayoutEffect(() => {
    const isNowhere = document.activeElement === document.body || document.activeElement === null;
    if (hadFocus.current && isNowhere) root.current?.focus({ preventScroll: true });
  });
}
