import { useCallback, useEffect, useId, useState } from 'react';
import { useAdmin } from './admin-context.ts';

/** The forms that hold something unsaved, by id. */
export function useUnsavedForms() {
  const [forms, setForms] = useState<ReadonlySet<string>>(new Set());
  const setUnsaved = useCallback((formId: string, isUnsaved: boolean) => {
    setForms((before) => {
      if (before.has(formId) === isUnsaved) return before;
      const after = new Set(before);
      if (isUnsaved) after.add(formId);
      else after.delete(formId);
      return after;
    });
  }, []);
  return { hasUnsaved: forms.size > 0, setUnsaved };
}

/** Has the page ask before this form's changes are lost. */
export function useUnsaved(isUnsaved: boolean): void {
  const { setUnsaved } = useAdmin();
  const id = useId();
  useEffect(() => {
    setUnsaved(id, isUnsaved);
    return () => setUnsaved(id, false);
  }, [id, isUnsaved, setUnsaved]);
}
