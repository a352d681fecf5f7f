/** Hands texts to the browser as one file to be kept. */
export function saveFile({ name, type, texts }: { name: string; type: string; texts: string[] }): void {
  const address = URL.createObjectURL(new Blob(texts, { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken hold of it by the next turn.
  setTimeout(() => URL.revokeObjectURL(address));
}
