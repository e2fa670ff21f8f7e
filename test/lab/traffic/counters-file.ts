import { renameSync, writeFileSync } from 'node:fs';

/** Keeps a file equal to the counters, ten times a second, never half-written; returns a function that writes it now. */
export function publish(file: string, counters: () => object): () => void {
  const write = (): void => {
    writeFileSync(`${file}.new`, JSON.stringify(counters()));
    renameSync(`${file}.new`, file);
  };
  setInterval(write, 100).unref();
  return write;
}
