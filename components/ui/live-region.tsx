/** Reads its text out when it changes, without taking the focus. Keep it mounted: a region that appears with its text is often missed. */
export function LiveRegion({ text }: { text: string }) {
  return (
    <div role="status" aria-live="polite" className="sr-only">
      {text}
    </div>
  );
}
