/** What came of a copy, in words: nothing fails silently. */
export interface Copied {
  readonly message: string;
}

/** Puts a text on the clipboard; where that is forbidden, saves it as a file. */
export async function copyText(text: string, file: string): Promise<Copied> {
  try {
    await navigator.clipboard.writeText(text);
    return { message: 'Copied as CSV' };
  } catch {
    return save(new Blob([text], { type: 'text/csv' }), file);
  }
}

/** Puts a picture on the clipboard; where that is forbidden, saves it as a file. */
export async function copyPicture(picture: Promise<Blob>, file: string): Promise<Copied> {
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': picture })]);
    return { message: 'Copied as PNG' };
  } catch {
    return picture.then(
      (blob) => save(blob, file),
      () => ({ message: 'The picture could not be drawn' }),
    );
  }
}

function save(blob: Blob, file: string): Copied {
  const url = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement('a'), { href: url, download: file });
  link.click();
  // The browser takes the file after this turn.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  return { message: `Saved as ${file}: the clipboard cannot be written` };
}
