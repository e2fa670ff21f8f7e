/** One figure of a family. A value that is not finite is left out: nothing is ever printed for what is not known. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** `name` without `_total` and `_info`, which the printer adds to counters and infos; it ends in its unit, if any. */
export interface MetricFamily {
  readonly name: string;
  readonly type: 'gauge' | 'counter' | 'info';
  readonly help: string;
  readonly unit?: 'seconds' | 'bytes' | 'ratio';
  readonly samples: readonly Sample[];
}

/** `text`: Prometheus' own format, version 0.0.4. */
export type MetricsFormat = 'text' | 'openmetrics';

export const metricsTypes: Readonly<Record<MetricsFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

const suffixes = { gauge: '', counter: '_total', info: '_info' } as const;

/**
 * Prints families as OpenMetrics 1.0.0 or in the older text format, which knows neither units nor infos and names a
 * counter's family with its suffix. Sources: the OpenMetrics specification; Prometheus' "Exposition formats".
 */
export function printMetrics(families: readonly MetricFamily[], format: MetricsFormat): string {
  const printed = families.flatMap(({ name, type, help, unit, samples }) => {
    const known = samples.filter(({ value }) => Number.isFinite(value));
    if (known.length === 0) return [];
    const open = format === 'openmetrics';
    const family = open ? name : name + suffixes[type];
    return [
      `# TYPE ${family} ${open || type !== 'info' ? type : 'gauge'}`,
      ...(open && unit ? [`# UNIT ${family} ${unit}`] : []),
      `# HELP ${family} ${open ? escaped(help) : help.replace(/\\/g, '\\\\').replace(/\n/g, '\\n')}`,
      ...known.map(({ labels, value }) => `${name}${suffixes[type]}${printLabels(labels)} ${value}`),
    ];
  });
  return [...printed, ...(format === 'openmetrics' ? ['# EOF'] : []), ''].join('\n');
}

/** What a scraper that sent this Accept header reads best; the older format for whoever did not ask. */
export function metricsFormat(accept: string | undefined): MetricsFormat {
  const ranges = (accept ?? '').split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const quality = parameters.find((each) => each.startsWith('q='))?.slice(2);
    return { type, quality: quality === undefined ? 1 : Number(quality) || 0 };
  });
  const best = (...types: string[]) =>
    Math.max(0, ...ranges.filter(({ type }) => types.includes(type)).map(({ quality }) => quality));
  const open = best('application/openmetrics-text');
  return open > 0 && open >= best('text/plain') ? 'openmetrics' : 'text';
}

function printLabels(labels: Sample['labels']): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const escaped = (text: string): string =>
  text.replace(/\\/g, '\\\\').replace(/\n/g, '\\n').replace(/"/g, '\\"');
