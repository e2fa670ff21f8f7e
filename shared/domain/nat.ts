import type { Connection } from './connection.ts';

/** An address translation: the end it rewrites, as `address` or `address:port`. */
export interface Translation {
  readonly kind: 'SNAT' | 'DNAT';
  readonly from: string;
  readonly to: string;
}

/**
 * The translations of a connection, inferred as conntrack's users do: replies go to what the source became
 * (`reply.dst` ≠ `original.src`) and come from what the destination became (`reply.src` ≠ `original.dst`).
 * Undefined without a reply tuple, as in conntrackd's external cache: NAT is then not observable.
 */
export function translationsOf(connection: Connection): Translation[] | undefined {
  const { original, reply } = connection;
  if (reply === undefined) return undefined;
  const translations: Translation[] = [];
  if (original.src !== reply.dst || original.sport !== reply.dport) {
    const from = endpoint(original.src, original.sport);
    translations.push({ kind: 'SNAT', from, to: endpoint(reply.dst, reply.dport) });
  }
  if (original.dst !== reply.src || original.dport !== reply.sport) {
    const from = endpoint(original.dst, original.dport);
    translations.push({ kind: 'DNAT', from, to: endpoint(reply.src, reply.sport) });
  }
  return translations;
}

/** `10.1.0.1:443`, `[2001:db8::1]:443`, or the address alone. */
export function endpoint(address: string, port: number | undefined): string {
  if (port === undefined) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
