import type { ExportFormat } from '../../../shared/domain/connection-export.ts';

interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

/** In which format a key copies the chosen rows; undefined: it is about something else. */
export function copyFormatOf({ key, ctrlKey, metaKey, shiftKey }: Pressed): ExportFormat | undefined {
  const letter = key.toLowerCase();
  if (ctrlKey || metaKey) return letter === 'c' ? (shiftKey ? 'command' : 'text') : undefined;
  if (!shiftKey) return undefined;
  return letter === 'c' ? 'csv' : letter === 'j' ? 'json' : undefined;
}
