import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod/mini';
import { err, type Result } from '../../shared/lib/result.ts';
import { replaceFile } from '../inventory/replace-file.ts';

/** What an operator arranged for themselves (saved filters, columns), as texts by key. The console knows what they mean. */
export interface Preferences {
  readonly read: (key: string) => string | undefined;
  /** Kept when this returns; or why it is not, for the operator. An empty text forgets the key. */
  readonly write: (key: string, value: string) => Result<void, string>;
}

/** Characters that all of them together may take: a screen's memory, not a store. */
const mostCharacters = 1_000_000;

/** So often is a write tried while another Handover of this user writes, too. */
const tries = 5;

const Kept = z.record(z.string(), z.string());

/**
 * Kept in one file, replaced whole or not at all, and read anew each time, since a second console may write it, too.
 * A file that cannot be understood is set aside under another name, never overwritten.
 */
export function openPreferences(path: string): Preferences {
  return {
    read: (key) => {
      const kept = readKept(path)?.kept ?? {};
      return Object.hasOwn(kept, key) ? kept[key] : undefined;
    },
    write: (key, value) => {
      try {
        for (let attempt = 0; attempt < tries; attempt++) {
          const { text, kept } = readKept(path) ?? setAside(path);
          const { [key]: _, ...others } = kept;
          const after = `${JSON.stringify(value === '' ? others : { ...others, [key]: value }, undefined, 2)}\n`;
          if (after.length > mostCharacters)
            return err('There is no room for it among the preferences: forget others first.');
          mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
          const replaced = replaceFile(path, text, after);
          if (replaced.ok) return replaced;
          if (replaced.error.kind === 'failed') return err(`Not kept: ${replaced.error.message}.`);
        }
        return err(`Not kept: ${path} is being written by another Handover.`);
      } catch (cause) {
        return err(`Not kept: ${cause instanceof Error ? cause.message : String(cause)}.`);
      }
    },
  };
}

interface KeptText {
  /** As the file stands; undefined: there is none. */
  readonly text: string | undefined;
  readonly kept: Readonly<Record<string, string>>;
}

/** Undefined: there is a file, and it is broken or cannot be read. */
function readKept(path: string): KeptText | undefined {
  try {
    const text = readFileSync(path, 'utf8');
    const read = z.safeParse(Kept, JSON.parse(text));
    return read.success ? { text, kept: read.data } : undefined;
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    return missing ? { text: undefined, kept: {} } : undefined;
  }
}

function setAside(path: string): KeptText {
  renameSync(path, `${path}.broken-${Date.now()}`);
  return { text: undefined, kept: {} };
}
