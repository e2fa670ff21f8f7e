import { parseEvent } from './parse-entry.ts';
import { isClosed, opensEntry } from './wrapped.ts';

/**
 * conntrack's closing words in the middle of an entry: behind `2>&1` its standard output comes in blocks, which end
 * anywhere, and standard error at once. What was being printed goes on with the next line.
 */
const mixedIn =
  /^conntrack v\d\S* \(conntrack-tools\): (?:\d+ [\w ]+ ha(?:s|ve) been \w+|[\w ]+ has been emptied)\.?\s*$/;
const ofAnEntry = /^[\w\s=.:,[\]/-]+$/;

/** The beginning of the entry that this line breaks off; undefined where nothing is mixed in. */
export const brokenOff = (line: string): string | undefined => {
  const at = line.indexOf('conntrack v');
  const entry = line.slice(0, Math.max(at, 0));
  return entry.trim() !== '' && mixedIn.test(line.slice(at)) && ofAnEntry.test(entry) ? entry : undefined;
};

/** The entry that broke off, with the next line as its rest; undefined where that is an entry of its own. */
export const joinBroken = (entry: string, next: string): string | undefined => {
  if (isClosed(entry) && (opensEntry(next) || next.trim() === '')) return undefined;
  const whole = entry + next;
  const read = parseEvent(whole);
  return read.ok && read.value !== undefined && opensEntry(whole) ? whole : undefined;
};
