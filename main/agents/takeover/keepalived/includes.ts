import type { Include } from '../../agent.ts';
import { readConfigText } from './config-text.ts';

/** The includes of one file, relative ones taken from its own folder, as keepalived does. */
export const includesOf = (text: string, file: string): Include[] =>
  readConfigText(text).includes.flatMap(({ line, pattern }) => {
    const path = pattern.startsWith('/') ? pattern : `${folderOf(file)}/${pattern.replace(/^\.\//, '')}`;
    const [folder, name] = [folderOf(path), path.slice(path.lastIndexOf('/') + 1)];
    // a wildcard among the folders, or alternatives in braces, are not followed
    return /[*?[\]{}]/.test(folder) || /[{}]/.test(name) ? [] : [{ line, folder, name }];
  });

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';

/** The text with what it includes in the place of each line, as keepalived reads it. `found`: by line. */
export const withIncludes = (text: string, found: ReadonlyMap<number, string>): string =>
  text
    .split('\n')
    .map((line, index) => found.get(index + 1) ?? line)
    .join('\n');
