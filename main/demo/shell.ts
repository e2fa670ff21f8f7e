import { createFiles } from './files.ts';
import { logDate } from './log-date.ts';
import { addressesJson, monitorLine } from './print-addresses.ts';
import { cacheLine, type TableForm, tableLine } from './print-connection.ts';
import { neighboursJson, routesJson, ruleset, settings } from './print-host.ts';
import { statistics, statisticsForm } from './print-statistics.ts';
import { type InstanceSite, paths } from './site.ts';
import type { EntryEvent } from './sync.ts';
import type { Flow } from './traffic.ts';
import type { World, WorldNode } from './world.ts';

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** The programs of one node, by what they are called with and what they print. */
export interface Shell {
  /** `stdin` is read by `tee` alone. */
  readonly run: (argv: readonly string[], stdin?: string) => Output;
  /** For `ip monitor` and `conntrack -E`: prints until it is told to stop. Undefined for a command that ends by itself. */
  readonly follow: (argv: readonly string[], print: (line: string) => void) => (() => void) | undefined;
}

type Program = (args: readonly string[], asRoot: boolean, stdin: string) => Output;

const printed = (stdout: string, stderr = ''): Output => ({ stdout, stderr, exitCode: 0 });
const failed = (stderr: string, exitCode = 1): Output => ({ stdout: '', stderr: `${stderr}\n`, exitCode });

export function createShell(world: World, node: WorldNode, clock: () => number): Shell {
  const files = createFiles(world, node);
  const { pids } = node.site;
  const now = world.timeline.now;

  const read = (program: string, path: string, asRoot: boolean): Output => {
    const file = files.get(path);
    if (!file) return failed(`${program}: ${path}: No such file or directory`);
    if (!file.text) return failed(`${program}: ${path}: Is a directory`);
    if (/00$|40$/.test(file.mode) && !asRoot) return failed(`${program}: ${path}: Permission denied`);
    return printed(file.text());
  };

  const programs: Readonly<Record<string, Program>> = {
    cat: (args, asRoot) => joinOutputs(args.map((path) => read('cat', path, asRoot))),

    tail: (args, asRoot) => {
      const [path = ''] = args.slice(-1);
      const count = Number(args[args.indexOf('-n') + 1] ?? 10);
      const output = read('tail', path, asRoot);
      if (output.exitCode !== 0)
        return failed(
          output.stderr.trimEnd().replace(/^tail: (\S+): /, "tail: cannot open '$1' for reading: "),
        );
      return printed(
        output.stdout
          .split(/(?<=\n)/)
          .slice(-count)
          .join(''),
      );
    },

    stat: (args) => {
      const format = args[args.indexOf('-c') + 1] ?? '';
      return joinOutputs(
        args.slice(args.indexOf('-c') + 2).map((path) => {
          const file = files.get(path);
          if (!file) return failed(`stat: cannot statx '${path}': No such file or directory`);
          const modified = file.modifiedAt() + (file.hasOwnClock ? 0 : node.clockAhead());
          const bytes = Buffer.byteLength(file.text?.() ?? '');
          const values: Readonly<Record<string, string | number>> = {
            y: `${new Date(modified).toISOString().replace('T', ' ').replace('Z', '')}000000 +0000`,
            '.Y': (modified / 1000).toFixed(9),
            s: file.text ? bytes : 4096,
            U: 'root',
            G: 'root',
            a: file.mode,
            n: path,
            i: 1_000 + path.length,
            F: file.text ? (bytes > 0 ? 'regular file' : 'regular empty file') : 'directory',
          };
          return printed(
            `${format.replace(/%(\.?.)/g, (directive, letter) => String(values[letter] ?? directive))}\n`,
          );
        }),
      );
    },

    tee: ([path = ''], asRoot, stdin) => {
      const file = files.get(path);
      if (!file?.write || !asRoot)
        return { stdout: stdin, stderr: `tee: ${path}: Permission denied\n`, exitCode: 1 };
      file.write(stdin);
      return printed(stdin);
    },

    pgrep: ([, name]) => {
      if (name === 'keepalived') return printed(`${pids.keepalived}\n${pids.vrrp}\n`);
      return name === 'conntrackd'
        ? printed(`${pids.conntrackd}\n`)
        : { stdout: '', stderr: '', exitCode: 1 };
    },

    pkill: (args, asRoot) => {
      const signal = args[args.indexOf('--signal') + 1];
      if (args.at(-1) !== paths.keepalivedPid) return failed('pkill: pidfile not valid', 1);
      if (!asRoot) return failed(`pkill: killing pid ${pids.keepalived} failed: Operation not permitted`);
      if (signal === '36') files.dump('json');
      if (signal === '10') files.dump('data');
      return printed('');
    },

    readlink: ([path], asRoot) =>
      asRoot && (path === `/proc/${pids.keepalived}/exe` || path === `/proc/${pids.vrrp}/exe`)
        ? printed('/usr/sbin/keepalived\n')
        : { stdout: '', stderr: '', exitCode: 1 },

    keepalived: ([option = '']) => {
      const number = { '--signum=JSON': 36, '--signum=DATA': 10, '--signum=STATS': 12 }[option];
      return number === undefined ? failed(`Unknown option ${option}`) : printed(`${number}\n`);
    },

    date: () => printed(`${((clock() + node.clockAhead()) / 1000).toFixed(3)}000000\n`),
    hostname: () => printed(`${node.site.name}\n`),
    id: (_args, asRoot) => printed(asRoot ? '0\n' : '1000\n'),
    true: () => printed(''),

    ip: (args) => {
      const form = args.join(' ');
      if (form === '-j addr' || form === '-j addr show') return printed(addressesJson(node));
      if (form === '-j route') return printed(routesJson(node.site));
      if (form === '-j -6 route') return printed('[]\n');
      if (form === '-j -s neigh') return printed(neighboursJson);
      return failed(`Object "${args.at(-1)}" is unknown, try "ip help".`);
    },

    sysctl: ([option, ...names]) =>
      option === '-e'
        ? printed(names.flatMap((name) => (name in settings ? `${name} = ${settings[name]}\n` : [])).join(''))
        : failed(`sysctl: invalid option '${option}'`),

    nft: (args, asRoot) => {
      if (!asRoot) return failed('Operation not permitted (you must be root)');
      return args.join(' ') === 'list ruleset' ? printed(ruleset) : failed('Error: syntax error');
    },

    conntrack: (args, asRoot) => {
      const prefix = 'conntrack v1.4.7 (conntrack-tools): ';
      if (!asRoot)
        return failed(
          `${prefix}Operation failed: sorry, you must be root or get CAP_NET_ADMIN capability to do this`,
        );
      if (args[0] === '-C') return printed(`${node.sync.kernel.size + node.own.length}\n`);
      if (args[0] === '-S') return printed(kernelStatistics(node.sync.counts().inserted));
      if (args[0] === '-D') {
        const named = [...node.sync.kernel.values()].filter(({ flow }) => isNamed(flow, args));
        for (const { flow } of named) node.sync.end(flow);
        const gone = named.length;
        return {
          ...printed('', `${prefix}${gone} flow entries have been deleted.\n`),
          exitCode: gone === 0 ? 1 : 0,
        };
      }
      if (args[0] !== '-L')
        return failed(`${prefix}you did not specify any operation\nTry \`conntrack -h'`, 2);
      if (args[1] === 'expect') return printed('', `${prefix}0 expectations have been shown.\n`);
      const lines = tableLines(args);
      return printed(lines.join(''), `${prefix}${lines.length} flow entries have been shown.\n`);
    },

    conntrackd: (args, asRoot) => {
      const error = (text: string) =>
        failed(`[${logDate(now())}] (pid=${pids.conntrackd + 1000}) [ERROR] ${text}`);
      const [command, form = 'ct'] = args[0] === '-C' ? args.slice(2) : args;
      if (args[0] === '-C' && !files.get(args[1] ?? '')) return error(`can't open config file \`${args[1]}'`);
      if (!asRoot) return error("can't connect: is conntrackd running? appropriate permissions?");
      const { internal, external } = node.sync;
      if (command === '-i')
        return printed([...internal.held.values()].map((e) => cacheLine(e, now(), 'internal')).join(''));
      if (command === '-e')
        return printed([...external.held.values()].map((e) => cacheLine(e, now(), 'external')).join(''));
      const print = command === '-s' ? statistics[statisticsForm(form) ?? ''] : undefined;
      return print
        ? printed(print(node.sync, now()))
        : error(`unknown parameter \`${form}' for option \`${command}'`);
    },
  };

  const formOf = (args: readonly string[]): TableForm => {
    const options = (args[args.indexOf('-o') + 1] ?? '').split(',');
    return {
      extended: options.includes('extended'),
      id: options.includes('id'),
      timestamps: options.includes('ktimestamp'),
      salt: node.site.priority,
    };
  };
  const followTable = (args: readonly string[], print: (line: string) => void) => {
    const form = formOf(args);
    const listener: EntryEvent = (what, { flow, countedFrom }) => {
      const stamp = `[${((now() + node.clockAhead()) / 1000).toFixed(6)}]`;
      print(`${stamp}\t${`[${what}]`.padStart(9)} ${tableLine(flow, countedFrom, now(), form)}`);
    };
    node.sync.onEntry.add(listener);
    return () => node.sync.onEntry.delete(listener);
  };
  const tableLines = (args: readonly string[]): string[] => {
    const family = args.includes('-f') ? args[args.indexOf('-f') + 1] : undefined;
    const form = formOf(args);
    const own = node.own.map((flow) => ({ flow, countedFrom: flow.bornAt }));
    return [...own, ...node.sync.kernel.values()]
      .filter(({ flow }) => family === undefined || flow.family === family)
      .map(({ flow, countedFrom }) => tableLine(flow, countedFrom, now(), form));
  };

  return {
    run: (argv, stdin = '') => {
      world.timeline.advance(clock());
      const { program, args, asRoot } = resolved(argv);
      const run = programs[program];
      return run ? run(args, asRoot, stdin) : failed(`sh: 1: ${program}: command not found`, 127);
    },
    follow: (argv, print) => {
      const { program, args, asRoot } = resolved(argv);
      if (program === 'conntrack' && args[0] === '-E' && asRoot) return followTable(args, print);
      if (program !== 'ip' || args.join(' ') !== '-o monitor address') return undefined;
      const listener = (instance: InstanceSite, added: boolean) => print(monitorLine(node, instance, added));
      node.onAddress.add(listener);
      return () => node.onAddress.delete(listener);
    },
  };
}

/** Looks through `sudo -n` and `env A=B`; programs are known by their names, wherever they are said to lie. */
function resolved(argv: readonly string[]): { program: string; args: readonly string[]; asRoot: boolean } {
  const [path = '', ...args] = argv;
  const program = path.replace(/^\/(usr\/)?s?bin\//, '');
  if (program === 'sudo')
    return { ...resolved(args.filter((arg, i) => i > 0 || arg !== '-n')), asRoot: true };
  if (program === 'env') return resolved(args.slice(args.findIndex((arg) => !arg.includes('='))));
  return { program, args, asRoot: false };
}

const joinOutputs = (outputs: readonly Output[]): Output => ({
  stdout: outputs.map(({ stdout }) => stdout).join(''),
  stderr: outputs.map(({ stderr }) => stderr).join(''),
  exitCode: Math.max(0, ...outputs.map(({ exitCode }) => exitCode)),
});

/** Whether `conntrack -D` names this flow: every option that is given must fit, and none of these has a zone but 0. */
function isNamed({ family, protocol, original }: Flow, args: readonly string[]): boolean {
  const words: Readonly<Record<string, string>> = {
    ...{ '-f': family, '-s': original.src, '-d': original.dst, '-p': protocol, '-w': '0' },
    ...{ '--sport': String(original.sport), '--dport': String(original.dport) },
  };
  return args.slice(1).every((word, index, all) => index % 2 === 1 || words[word] === all[index + 1]);
}

/** `conntrack -S`: a line for each processor. */
const kernelStatistics = (inserted: number): string =>
  [Math.ceil(inserted / 2), Math.floor(inserted / 2)]
    .map(
      (insert, cpu) =>
        `cpu=${cpu}   \tfound=0 invalid=0 insert=${insert} insert_failed=0 drop=0 early_drop=0 error=0 search_restart=0 clash_resolve=0 chaintoolong=0 \n`,
    )
    .join('');
