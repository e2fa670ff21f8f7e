import type { LogState, NodeClockState } from '../../shared/domain/timeline-page.ts';
import type { NodeSession } from '../transport/session.ts';
import type { LogReader } from './read-logs.ts';

/** Between two looks at a node's logs, in ms. */
const lookMs = 3_000;
/** After something moved on a node its programs go on to tell about it for a while, in ms. */
const echoes = [0, 400, 1_500];

/** The logs of one node, followed as long as its session stands; a slow one delays nothing but itself. */
export interface LogFollower {
  readonly states: () => LogState[];
  readonly clock: () => NodeClockState;
  /** Something has just moved: look now, and soon again. */
  readonly lookNow: () => void;
  readonly close: () => void;
}

export function followLogs(session: NodeSession, reader: LogReader): LogFollower {
  let timer: NodeJS.Timeout | undefined;
  let soon: NodeJS.Timeout[] = [];
  let running: Promise<void> | undefined;
  let closed = false;

  const look = (hurry = false): Promise<void> => {
    if (session.state.kind !== 'connected' || closed) return Promise.resolve();
    running ??= reader.look(hurry).finally(() => {
      running = undefined;
      clearTimeout(timer);
      if (!closed && session.state.kind === 'connected') timer = setTimeout(() => void look(), lookMs);
    });
    return running;
  };
  const onState = () => {
    const { state } = session;
    if (state.kind === 'connected') void look();
    else if ('failure' in state) reader.lost(state.failure);
  };
  const forget = session.onState(onState);
  onState();

  return {
    states: reader.states,
    clock: reader.clock,
    lookNow: () => {
      for (const each of soon) clearTimeout(each);
      soon = echoes.map((delay) => setTimeout(() => void look(true), delay));
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
      for (const each of soon) clearTimeout(each);
      forget();
    },
  };
}
