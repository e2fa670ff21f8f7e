import type { Section } from './parse-counters.ts';
import type { CacheStatistics, ChannelStatistics, ConntrackdStatistics, Figures } from './statistics.ts';

export type Draft = { -readonly [Key in keyof ConntrackdStatistics]: ConntrackdStatistics[Key] };
type Form = ConntrackdStatistics['form'];

/** Builds dumps from their sections. A dump ends where one of another form begins, or a section comes a second time. */
export interface Dumps {
  readonly last: () => Draft | undefined;
  /** Where the counters that follow belong; undefined right behind a heading that has none. */
  readonly section: () => Section | undefined;
  /** The open dump of this form, or a new one where there is none or this one `isTaken`. */
  readonly of: (form: Form, isTaken?: (open: Draft) => boolean) => Draft;
  readonly openSection: (isUnknown?: boolean) => Figures;
  readonly closeSection: () => void;
  readonly openCache: (form: Form, name: string, kind: CacheStatistics['kind']) => Figures;
  readonly openChannel: (form: Form, channel: Omit<ChannelStatistics, 'figures'>) => void;
}

/** `begun` hears of each dump as it begins, so that it keeps its place among what is read. */
export const dumpBuilder = (begun: (dump: ConntrackdStatistics) => void): Dumps => {
  let dump: Draft | undefined;
  let section: Section | undefined;

  const of: Dumps['of'] = (form, isTaken = () => false) => {
    if (dump !== undefined && dump.form === form && !isTaken(dump)) return dump;
    dump = { form };
    begun(dump);
    return dump;
  };
  const openSection: Dumps['openSection'] = (isUnknown = false) => {
    section = { figures: {}, isUnknown };
    return section.figures;
  };
  return {
    last: () => dump,
    section: () => section,
    of,
    openSection,
    closeSection: () => {
      section = undefined;
    },
    openCache: (form, name, kind) => {
      const open = of(form, ({ caches }) => caches !== undefined && Object.hasOwn(caches, name));
      const figures = openSection();
      open.caches = { ...open.caches, [name]: { kind, figures } };
      return figures;
    },
    openChannel: (form, channel) => {
      const isSame = (known: ChannelStatistics): boolean =>
        known.transport === channel.transport && known.device === channel.device;
      const open = of(form, ({ channels }) => channels?.some(isSame) ?? false);
      open.channels = [...(open.channels ?? []), { ...channel, figures: openSection() }];
    },
  };
};
