import type { ConfiguredHooks } from '../../agent.ts';
import { parseKeepalivedConfig } from './parse-config.ts';

/** What runs when an instance becomes master: its own script or its sync group's. A FIFO's reader cannot be looked at. */
export function parseHooks(text: string): ConfiguredHooks {
  const { config } = parseKeepalivedConfig(text);
  const onMaster = ({ notify }: { notify: (typeof config.instances)[number]['notify'] }) =>
    notify.filter(({ event }) => event === 'master' || event === 'any');
  const usesFifo = config.global.some((statement) => /^(?:vrrp_)?notify_fifo\b/.test(statement.text));
  const hooksOf = (instance: (typeof config.instances)[number]) => [
    ...onMaster(instance),
    ...config.syncGroups.filter(({ name }) => name === instance.syncGroup).flatMap(onMaster),
  ];
  const programs = config.instances.flatMap(hooksOf).flatMap(({ command }) => command.slice(0, 1));
  const tracked = [...config.instances, ...config.syncGroups].flatMap((each) => each.trackInterfaces);
  return {
    programs: [...new Set(programs)],
    without: config.instances.filter((each) => hooksOf(each).length === 0).map(({ name }) => name),
    complete: config.includes.length === 0 && !usesFifo && config.instances.length > 0,
    trackedInterfaces: [...new Set(tracked.map(({ name }) => name))],
  };
}
