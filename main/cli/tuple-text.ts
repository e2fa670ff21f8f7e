import type { Tuple } from '../../shared/domain/connection.ts';

const port = (value: number | undefined): string => (value === undefined ? '' : `:${value}`);

const end = (address: string, value: number | undefined): string =>
  address.includes(':') && value !== undefined ? `[${address}]${port(value)}` : `${address}${port(value)}`;

/** One direction: `10.1.0.1:40001 > 10.2.0.1:443`. */
export const tupleText = ({ src, sport, dst, dport }: Tuple): string =>
  `${end(src, sport)} > ${end(dst, dport)}`;
