import { parseAddress } from '../../../shared/domain/address.ts';
import type { NarrowQuestion } from '../../../shared/domain/connection-actions.ts';
import { protocolNumbers } from '../../../shared/domain/ip-protocols.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';

const withPorts = new Set([6, 17, 33, 132, 136]);

/**
 * The question as every reader understands it: the protocol a number, the family that of the addresses. Or what is wrong
 * with it, in a sentence: a node is never sent what was not checked here.
 */
export function checkQuestion(question: NarrowQuestion): Result<NarrowQuestion, string> {
  const { protocol, family, ...rest } = question;
  const families = new Set(family === undefined ? [] : [family]);
  for (const [name, text] of [
    ['src', rest.src],
    ['dst', rest.dst],
  ] as const) {
    if (text === undefined) continue;
    const address = /^[0-9A-Fa-f.:]{2,45}$/.test(text) ? parseAddress(text) : undefined;
    if (!address) return err(`"${text}" (${name}) is no address.`);
    families.add(address.bits === 32 ? 'ipv4' : 'ipv6');
  }
  if (families.size > 1) return err('An address of IPv4 and one of IPv6 are in no connection together.');
  for (const [name, most] of [
    ['sport', 0xffff],
    ['dport', 0xffff],
    ['mark', 0xffff_ffff],
    ['zone', 0xffff],
  ] as const) {
    const value = rest[name];
    if (value !== undefined && !(Number.isInteger(value) && value >= 0 && value <= most))
      return err(`${name} is a whole number up to ${most}.`);
  }
  const number = protocol === undefined ? undefined : numberOf(protocol);
  if (protocol !== undefined && number === undefined) return err(`"${protocol}" is no protocol.`);
  if ((rest.sport ?? rest.dport) !== undefined && number !== undefined && !withPorts.has(number))
    return err(`${protocol} has no ports.`);
  const [only] = families;
  const whole = {
    ...rest,
    ...(number !== undefined && { protocol: String(number) }),
    ...(only !== undefined && { family: only }),
  };
  return Object.values(whole).some((value) => value !== undefined)
    ? ok(whole)
    : err('Ask for something: an address, a port, a protocol, a mark or a zone.');
}

function numberOf(protocol: string): number | undefined {
  const number =
    protocolNumbers.get(protocol.toLowerCase()) ?? (/^\d{1,3}$/.test(protocol) ? Number(protocol) : 256);
  return number <= 255 ? number : undefined;
}

/** What fits a question, in the language of filters: a kernel may answer with more than it was asked for. */
export const filterOf = (question: NarrowQuestion): string =>
  (
    [
      ['src', question.src],
      ['dst', question.dst],
      ['sport', question.sport],
      ['dport', question.dport],
      ['proto', question.protocol],
      ['mark', question.mark],
      ['zone', question.zone],
      ['family', question.family],
    ] as const
  )
    .flatMap(([field, value]) => (value === undefined ? [] : [`${field} == ${value}`]))
    .join(' and ');
