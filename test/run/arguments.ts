import { parseArgs } from 'node:util';

export const usage = `npm test [-- OPTION…]

  --only A,B    run these suites alone
  --list        name the suites and end
  --no-install  do not install what is missing
  --help`;

export interface Asked {
  readonly only: readonly string[] | undefined;
  readonly list: boolean;
  readonly install: boolean;
  readonly help: boolean;
}

/** @returns what was asked, or a sentence that says what is wrong with it */
export function readArguments(argv: readonly string[], known: readonly string[]): Asked | string {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        only: { type: 'string' },
        list: { type: 'boolean', default: false },
        'no-install': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    const only = values.only?.split(',').filter((name) => name !== '');
    const stranger = only?.find((name) => !known.includes(name));
    if (stranger !== undefined) return `There is no suite "${stranger}". Suites: ${known.join(', ')}.`;
    return { only, list: values.list, install: !values['no-install'], help: values.help };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
