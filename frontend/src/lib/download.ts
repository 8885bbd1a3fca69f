/* Hands a file that the page has made to the browser to keep. */

export function download(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The browser has it once this turn is over.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
