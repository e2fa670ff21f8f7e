import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../fixtures');

/** The bytes of a file under `test/fixtures`, by its path there. */
export const fixtureBytes = (path: string): Buffer => readFileSync(join(root, path));

/** The text of a file under `test/fixtures`, by its path there. */
export const fixture = (path: string): string => readFileSync(join(root, path), 'utf8');
