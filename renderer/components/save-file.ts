/** Hands a text to the operator as a file of that name. */
export function saveFile(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  // the browser takes the file after this turn
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
