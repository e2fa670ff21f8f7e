import { readingValue } from '../lib/reading.ts';
import type { NodeSnapshot } from './cluster-snapshot.ts';
import type { SyncMode } from './replication.ts';
import { seen, type Trap, unjudged } from './trap.ts';

/** What its daemon shows, else what its configuration says. */
const modeOf = ({ readings: { agent, syncSetup } }: NodeSnapshot): SyncMode | undefined => {
  const shown = readingValue(agent)?.mode;
  const known = shown === undefined || shown === 'unknown' ? readingValue(syncSetup)?.mode : shown;
  return known === 'unknown' ? undefined : known;
};

const oneSequence =
  'FTFW follows one sequence of messages, and with three nodes two of them send: after a failover the third drops the new master\'s full sync as repeats ("Packets before"), and the master\'s resend queue stays full. In a trial 20,003 messages were dropped.';

/** FTFW is a protocol between two nodes. */
export function threeNodesFtfw(nodes: readonly NodeSnapshot[]): Trap[] {
  const code = 'three-nodes-ftfw';
  if (nodes.length < 3) return [];
  const ftfw = nodes.find((node) => modeOf(node) === 'ftfw');
  if (ftfw === undefined) {
    const unread = nodes.find((node) => modeOf(node) === undefined);
    return unread
      ? [
          unjudged(
            code,
            unread.name,
            `The sync mode of ${unread.name} is not known`,
            unread.readings.agent,
            oneSequence,
          ),
        ]
      : [];
  }
  const { agent, syncSetup } = ftfw.readings;
  const reading = agent?.ok ? agent : syncSetup;
  return [
    {
      code,
      state: 'present',
      sentence: `${nodes.length} nodes replicate in FTFW mode, which is for two.`,
      why: oneSequence,
      evidence: reading ? [seen(ftfw.name, 'its mode is FTFW', reading)] : [],
      remedy: 'Use Mode NOTRACK on every node, over multicast.',
      sideEffects:
        'NOTRACK repairs no loss: watch the sync link. Each daemon has to be restarted, slaves first, each followed by a full sync.',
      ...(syncSetup?.ok && {
        snippet: {
          where: `Sync { … } of ${syncSetup.value.file}, in place of Mode FTFW { … }`,
          text: 'Mode NOTRACK {\n    DisableInternalCache Off\n    DisableExternalCache Off\n    StartupResync yes\n}',
        },
      }),
    },
  ];
}

/** "Lost msgs" counts n + 2 for each gap of n messages, whatever became of them afterwards. */
export function lostMessages(nodes: readonly NodeSnapshot[]): Trap[] {
  const code = 'lost-is-not-loss';
  const found: Trap[] = [];
  for (const { name, readings } of nodes) {
    const { agent } = readings;
    if (!agent?.ok) {
      found.push(unjudged(code, name, `What conntrackd on ${name} counts as lost is not known`, agent, gaps));
      continue;
    }
    const { lost, mode } = agent.value;
    const alarm = mode === 'alarm';
    if (!alarm && lost === 0) continue;
    const told = meaning(mode, lost, nodes);
    found.push({
      code,
      node: name,
      state: told.sure ? 'present' : 'possible',
      sentence: `${name}: ${told.sentence}`,
      why: told.why,
      evidence: [seen(name, `${lost.toLocaleString('en')} lost messages, mode ${mode.toUpperCase()}`, agent)],
    });
  }
  return found;
}

const gaps = 'The counter adds n + 2 for each gap of n messages, so it is no count of messages.';

function meaning(mode: SyncMode, lost: number, nodes: readonly NodeSnapshot[]) {
  const count = `"${lost.toLocaleString('en')} lost messages"`;
  if (mode === 'alarm')
    return {
      sure: true,
      sentence: '"0 lost messages" says nothing in ALARM mode.',
      why: 'ALARM keeps no sequence, so its counter stays at 0 whatever is lost. The next refresh brings it again.',
    };
  if (nodes.length > 2)
    return {
      sure: true,
      sentence: `${count} are no losses: with three nodes the counter is noise.`,
      why: `It takes the messages of several senders for one sequence. In a trial it said 74,504 while nothing was missing. ${gaps}`,
    };
  const overflowed = nodes.some(
    ({ readings }) => (readingValue(readings.agent)?.backlog?.overflowed ?? 0) > 0,
  );
  if (mode === 'ftfw' && !overflowed)
    return {
      sure: true,
      sentence: `${count} were sent again: in FTFW they are no losses.`,
      why: `${gaps} FTFW asks for what is missing and has it sent again; only what no longer fits the resend queue is lost, and that queue never overflowed.`,
    };
  if (mode === 'ftfw')
    return {
      sure: false,
      sentence: `${count} may be losses: a resend queue overflowed.`,
      why: `${gaps} What no longer fits the resend queue cannot be sent again. A full sync makes up for it.`,
    };
  return {
    sure: false,
    sentence: `${count} are at least one real gap, and fewer messages than that.`,
    why: `${gaps} Nothing is sent again in this mode, so at least one message was lost; a full sync makes up for it.`,
  };
}
