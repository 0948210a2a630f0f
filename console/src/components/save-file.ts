/** Hands a file to the browser, which asks where to put it or puts it among the downloads. */
export function saveFile(parts: readonly BlobPart[], name: string, type: string): void {
  const url = URL.createObjectURL(new Blob([...parts], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun by then; what it reads from is its own.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
