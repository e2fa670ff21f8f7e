import type { Sparkline } from './sparkline-model.ts';

/** An hour at a glance; a grave event is a line across it. */
export const SparklineCell = ({ line }: { line: Sparkline | undefined }) => (
  <svg
    className="sparkline"
    viewBox="0 0 100 20"
    preserveAspectRatio="none"
    role="img"
    aria-label={line?.words ?? 'the last hour is being read'}
  >
    <title>{line?.words ?? 'the last hour is being read'}</title>
    {line?.marks.map((at) => (
      <path key={at} className="mark-line" d={`M${at} 0V20`} vectorEffect="non-scaling-stroke" />
    ))}
    {line?.paths.map((path) => (
      <path key={path} className="curve" d={path} vectorEffect="non-scaling-stroke" />
    ))}
  </svg>
);
