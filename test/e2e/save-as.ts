import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';

/** Saves what a comparison shows by its menu: the file's suggested name and its text. */
export async function saveAs(page: Page, form: 'CSV' | 'JSON'): Promise<[name: string, text: string]> {
  await page.getByRole('button', { name: 'Copy or export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: `Save as ${form}` }).click(),
  ]);
  return [download.suggestedFilename(), await readFile(await download.path(), 'utf8')];
}
