/** How conntrack begins a line: a time, an event, the family, and always the protocol by name and number. */
const beginning =
  /^\s*(?:\[\d+\.\d+\s*\]\s*)?(?:\[[A-Z]+\]\s*)?(?:ipv[46]\s+\d+\s+)?([a-z][a-z0-9-]*|unknown)\s+(\d{1,3})\s/;
/** What tells one connection from others in its original tuple, by the names of conntrack and of the filter. */
const telling: ReadonlyMap<string, string> = new Map([
  ['src', 'src'],
  ['dst', 'dst'],
  ['sport', 'sport'],
  ['dport', 'dport'],
  ['type', 'icmp.type'],
  ['code', 'icmp.code'],
  ['id', 'icmp.id'],
]);
const icmp = new Set(['1', '58']);

/**
 * The filter that finds the connection of a pasted line of `conntrack -L` or `-E`, or of `conntrackd -i` or `-e`: by its
 * protocol, original tuple and zone, since all else changes from one second to the next. Undefined where the text is no
 * such line.
 */
export function filterOfLine(text: string): string | undefined {
  const [, , number] = beginning.exec(text) ?? [];
  if (number === undefined) return undefined;
  const words = [...text.matchAll(/(?:^|\s)([a-z]+)=(\S+)/g)].map(([, name = '', value = '']) => [
    name,
    value,
  ]);
  if (!words.some(([name]) => name === 'src') || !words.some(([name]) => name === 'dst')) return undefined;
  const terms = [`proto == ${number}`];
  const seen = new Set<string>();
  for (const [name = '', value = ''] of words) {
    // the second tuple is that of the replies, which begins with its own source
    if (seen.has(name)) break;
    seen.add(name);
    const field = telling.get(name);
    if (field !== undefined && (!field.startsWith('icmp') || icmp.has(number)))
      terms.push(`${field} == ${value}`);
  }
  // no word of a zone is the zone 0, where the same tuple may be another connection than in a zone
  if (!/(?:^|\s)zone-(?:orig|reply)=/.test(text))
    terms.push(`zone == ${/(?:^|\s)zone=(\d+)/.exec(text)?.[1] ?? 0}`);
  return terms.join(' and ');
}

const address = String.raw`(?:\[([\da-f:.]+)\]|(\d+\.\d+\.\d+\.\d+)|([\da-f]*:[\da-f:]+))(?:[:.](\d{1,5}))?`;
/** `10.1.2.3:40000 > 10.2.0.1:443`, as many logs print it; tcpdump puts a time and `IP` before, a dot before the port, and more behind. */
const pair = new RegExp(
  String.raw`^\s*(?:[\d:.]+\s+)?(?:IP6?\s+)?(?:(tcp|udp|sctp|dccp|icmp)\s+)?${address}\s*(?:>|->|=>|→)\s*${address}(?::(?:\s.*)?)?\s*$`,
  'i',
);

/** The filter of what goes from one end to another, pasted as a pair. Undefined where the text is no such pair. */
export function filterOfPair(text: string): string | undefined {
  const found = pair.exec(text);
  if (!found) return undefined;
  const [, protocol, ...parts] = found;
  const ends = [parts.slice(0, 4), parts.slice(4, 8)];
  const terms = ends.flatMap(([bracketed, v4, v6, port], index) => {
    const side = index === 0 ? 'src' : 'dst';
    return [
      `${side} == ${bracketed ?? v4 ?? v6}`,
      ...(port === undefined ? [] : [`${index === 0 ? 'sport' : 'dport'} == ${port}`]),
    ];
  });
  return [...(protocol === undefined ? [] : [protocol]), ...terms].join(' and ');
}
