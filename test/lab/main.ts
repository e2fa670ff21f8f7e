/** `npm run -s lab -- …`: the lab from the command line. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { dimensions } from './cells.ts';
import { type FaultName, faultNames } from './faults.ts';
import { attach, down, isLabUp, type Lab, up } from './lab.ts';
import { matrixCommand } from './matrix-command.ts';
import { client, server } from './plan.ts';
import { enter } from './spaces.ts';
import { trafficCommand } from './traffic/command.ts';

const usage = `usage: npm run -s lab -- COMMAND

  up [--json] [--owner UID] [--nodes N] [--no-preempt]   build the lab anew; prints the inventory for the console
     [--mode ftfw|notrack|alarm] [--transport multicast|udp|tcp] [--links 1|2] [--caches both|internal|external|none]
  down                                                   take it away, leaving nothing
  status [--json]                                        the nodes, their roles, caches and faults
  fault NAME on|off [NODE|all]                           NAME: ${faultNames.join(', ')}
  traffic [start|stop|report [--json]] [--interval MS] [--churn N]
                                                         real flows between client and server, counted at their ends;
                                                         without a word: until Ctrl-C, a line a second
  matrix [--full] [--part I/N] [--only CELL,…] [--json]  what Handover says in each kind of lab, broken in each way
  matrix --read FILE …                                   the same, of what --json printed before
  exec NODE COMMAND …                                    run a command on a node, on the client or on the server
`;

const [command, ...rest] = process.argv.slice(2);

process.exitCode = await main().catch((error: Error) => {
  console.error(`lab: ${error.message}`);
  return 2;
});

async function main(): Promise<number> {
  switch (command) {
    case 'up':
      return upCommand();
    case 'down':
      await down();
      return 0;
    case 'status':
      return statusCommand();
    case 'fault':
      return faultCommand();
    case 'traffic':
      return trafficCommand(rest);
    case 'matrix':
      return matrixCommand(rest);
    case 'exec':
      return execCommand();
    default:
      process.stderr.write(usage);
      return command === '--help' ? 0 : 64;
  }
}

async function upCommand(): Promise<number> {
  const { values } = parseArgs({
    args: rest,
    options: {
      json: { type: 'boolean' },
      nodes: { type: 'string' },
      'no-preempt': { type: 'boolean' },
      owner: { type: 'string' },
      mode: { type: 'string' },
      transport: { type: 'string' },
      links: { type: 'string' },
      caches: { type: 'string' },
    },
  });
  const lab = await up({
    preempt: values['no-preempt'] !== true,
    mode: oneOf('mode', dimensions.mode, values.mode),
    transport: oneOf('transport', dimensions.transport, values.transport),
    links: oneOf('links', dimensions.links, values.links),
    caches: oneOf('caches', dimensions.caches, values.caches),
    ...(values.nodes === undefined ? {} : { nodes: Number(values.nodes) }),
    ...(values.owner === undefined ? {} : { owner: Number(values.owner) }),
  });
  print(values.json === true ? JSON.stringify(description(lab)) : greeting(lab));
  return 0;
}

/** The value that was asked for, or the plain one, which stands first. */
function oneOf<Value extends string | number>(
  name: string,
  values: readonly [Value, ...Value[]],
  given: string | undefined,
): Value {
  const found = given === undefined ? values[0] : values.find((value) => String(value) === given);
  if (found === undefined) throw new Error(`--${name} is one of ${values.join(', ')}`);
  return found;
}

function description(lab: Lab): object {
  return {
    ...lab.plan.replication,
    preempt: lab.plan.preempt,
    inventory: lab.inventory.ops,
    viewerInventory: lab.inventory.viewer,
    rootInventory: lab.inventory.root,
    nodes: lab.plan.nodes.map(({ name, management, lan, wan, sync, priority }) => ({
      name,
      host: management,
      lan,
      wan,
      sync,
      priority,
    })),
    client: client.address,
    server: server.address,
  };
}

/** The inventory as it stands in its file. */
function greeting(lab: Lab): string {
  return `# ${lab.inventory.ops}\n${readFileSync(lab.inventory.ops, 'utf8')}`.trimEnd();
}

async function statusCommand(): Promise<number> {
  const { values } = parseArgs({ args: rest, options: { json: { type: 'boolean' } } });
  const nodes = isLabUp() ? await attach().status() : [];
  if (values.json === true) print(JSON.stringify({ up: nodes.length > 0, nodes }));
  else if (nodes.length === 0) print('the lab is not up');
  for (const node of values.json === true ? [] : nodes) {
    const caches = `internal ${node.internal ?? '-'} external ${node.external ?? '-'}`;
    print(`${node.name}  ${node.up ? node.role : 'gone'}  ${caches}  ${node.faults.join(' ') || 'no fault'}`);
  }
  return 0;
}

async function faultCommand(): Promise<number> {
  const [name, state, where] = rest;
  const known = faultNames.find((fault): fault is FaultName => fault === name);
  if (known === undefined || (state !== 'on' && state !== 'off')) {
    process.stderr.write(usage);
    return 64;
  }
  await attach().fault(known, state === 'on', where);
  return 0;
}

function execCommand(): Promise<number> {
  const [where, ...argv] = rest;
  if (where === undefined || argv.length === 0) {
    process.stderr.write(usage);
    return Promise.resolve(64);
  }
  const depth = where === client.name || where === server.name ? 'network' : 'node';
  const [program, ...args] = [...enter(where, depth), ...argv];
  return new Promise((resolve, reject) => {
    const child = spawn(program ?? '', args, { stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
