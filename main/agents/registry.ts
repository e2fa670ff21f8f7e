import type { SyncAgent, TableAgent, TakeoverEngine } from './agent.ts';
import { conntrackd } from './sync/conntrackd/index.ts';
import { conntrack } from './table/conntrack/index.ts';
import { keepalived } from './takeover/keepalived/index.ts';

/** Every program that a node can be read with. A new one is a folder, fixtures beside its tests, and a line here. */
export const tableAgents: readonly TableAgent[] = [conntrack];
export const syncAgents: readonly SyncAgent[] = [conntrackd];
export const takeoverEngines: readonly TakeoverEngine[] = [keepalived];
