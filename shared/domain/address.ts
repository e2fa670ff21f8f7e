/** An IP address as a number, for comparison with networks: `bits` is 32 or 128. */
export interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** Reads an IPv4 or IPv6 address in any of its printed forms, with or without a zone (`%eth0`). */
export function parseAddress(text: string): Address | undefined {
  const [bare = ''] = text.split('%');
  return bare.includes(':') ? parseV6(bare) : parseV4(bare);
}

function parseV4(text: string): Address | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    return undefined;
  return { bits: 32, value: parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n) };
}

function parseV6(text: string): Address | undefined {
  const embedded = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  if (embedded) {
    const tail = parseV4(embedded[2] ?? '');
    if (!tail) return undefined;
    const words = [tail.value >> 16n, tail.value & 0xffffn].map((word) => word.toString(16));
    return parseV6(`${embedded[1]}${words.join(':')}`);
  }
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return undefined;
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const words = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  if (!words.every((word) => /^[0-9a-f]{1,4}$/i.test(word))) return undefined;
  return { bits: 128, value: words.reduce((sum, word) => sum * 65_536n + BigInt(`0x${word}`), 0n) };
}

/** A network as in `10.1.0.0/16`; an address alone is the network of that address. */
export interface Network {
  readonly bits: 32 | 128;
  readonly prefix: bigint;
  readonly shift: bigint;
}

export function parseNetwork(text: string): Network | undefined {
  const [base = '', length, ...more] = text.split('/');
  const address = parseAddress(base);
  if (!address || more.length > 0) return undefined;
  const size = length === undefined ? address.bits : /^\d{1,3}$/.test(length) ? Number(length) : -1;
  if (size < 0 || size > address.bits) return undefined;
  const shift = BigInt(address.bits - size);
  return { bits: address.bits, prefix: address.value >> shift, shift };
}

export const contains = (network: Network, address: Address): boolean =>
  network.bits === address.bits && address.value >> network.shift === network.prefix;

/** A key that sorts addresses by number, IPv4 before IPv6; text that is no address sorts last, as text. */
export function addressOrder(text: string): string {
  const address = parseAddress(text);
  return address
    ? `${address.bits === 32 ? 4 : 6}${address.value.toString(16).padStart(32, '0')}`
    : `9${text}`;
}
