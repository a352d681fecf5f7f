export interface ComboboxOption {
  id: string;
  label: string;
  /** Beside the label: what tells two of the same name apart. */
  detail?: string;
  /** A short word that sets it apart: "default". */
  marker?: string;
  /** Why it cannot be chosen; such options stay in the list, grey, with this sentence. */
  unusableBecause?: string | null;
}

const fold = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/\p{Diacritic}/gu, '')
    .toLocaleLowerCase();

/** The options that have every typed word somewhere in label or detail, in their given order; accents and case do not matter. */
export function filterOptions<Option extends ComboboxOption>(options: Option[], typed: string): Option[] {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  return options.filter((option) => {
    const text = fold(`${option.label} ${option.detail ?? ''} ${option.marker ?? ''}`);
    return words.every((word) => text.includes(word));
  });
}
