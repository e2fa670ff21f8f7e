import * as z from 'zod/mini';
import type { InterfaceAddress } from '../../../shared/domain/takeover.ts';
import { err, ok, type Result } from '../../../shared/lib/result.ts';
import { type ParseError, parseError } from '../parse-error.ts';
import { parseJson } from './parse-json.ts';

const Interface = z.object({
  ifname: z.optional(z.string()),
  flags: z.optional(z.array(z.string())),
  addr_info: z.optional(
    z.array(z.object({ local: z.optional(z.string()), prefixlen: z.optional(z.number()) })),
  ),
});

/** Every address of `ip -j addr`; an interface without one is left out. Carrier as the kernel sees it (LOWER_UP). */
export const parseAddresses = (stdout: string): Result<InterfaceAddress[], ParseError> => {
  const read = z.array(Interface).safeParse(parseJson(stdout));
  if (!read.success)
    return err(parseError(1, stdout.trim(), 'the JSON list of interfaces that ip -j addr prints'));
  return ok(
    read.data.flatMap(({ ifname, flags, addr_info = [] }) =>
      addr_info.flatMap(({ local, prefixlen }) =>
        ifname === undefined || local === undefined || prefixlen === undefined
          ? []
          : [
              {
                device: ifname,
                address: local,
                prefixLength: prefixlen,
                ...(flags && { carrier: flags.includes('LOWER_UP') }),
              },
            ],
      ),
    ),
  );
};
