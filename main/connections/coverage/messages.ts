import type { ClassifiedConnection, CoverageQuery, SlaveCoverage } from '../../../shared/domain/coverage.ts';
import type { ComparedNode } from '../../../shared/domain/coverage-reason.ts';
import type { DifferenceQuery, DifferenceReport } from '../../../shared/domain/difference.ts';
import type { Reading } from '../../../shared/domain/difference-compare.ts';
import type { ScanEnd } from '../../agents/table/conntrack/scan-netlink.ts';
import type { ReplicaMarks } from '../store/replicas.ts';
import type { KeyKind } from '../store/row-key.ts';
import type { DumpForm } from '../store/table-store.ts';
import type { DifferenceCounts } from './kept-difference.ts';
import type { SlaveCounts } from './kept-rows.ts';

/** What the thread of a comparison is asked, with the type of each answer. Dumps are named by numbers of who asks. */
export interface Questions {
  /** `observedAt`: when the dump began, ms. */
  readonly begin: {
    readonly query: DumpForm & {
      readonly dump: number;
      readonly expected: number;
      readonly prepare?: Preparing;
    };
    readonly answer: undefined;
  };
  readonly chunk: {
    readonly query: { readonly dump: number; readonly bytes: Uint8Array };
    /** How many entries the dump has by now. */
    readonly answer: number;
  };
  readonly end: { readonly query: { readonly dump: number }; readonly answer: ScanEnd };
  /** Keeps what was found of this slave; answers with how many are missing. */
  readonly compare: { readonly query: CompareQuery; readonly answer: number };
  readonly explain: { readonly query: ExplainQuery; readonly answer: undefined };
  /** Adds what is expected of the master and not synced. */
  readonly expect: {
    readonly query: { readonly slave: string; readonly expected: readonly ClassifiedConnection[] };
    readonly answer: undefined;
  };
  readonly counts: { readonly query: { readonly slave: string }; readonly answer: SlaveCounts };
  /** What was found of all slaves, by the rows of the dump of their master. */
  readonly marks: {
    readonly query: { readonly master: number };
    readonly answer: Omit<ReplicaMarks, 'comparedAt'>;
  };
  /** Keeps what the two tables differ in; answers with how many of what. */
  readonly differ: { readonly query: DifferQuery; readonly answer: DifferenceCounts };
  /** The dumps are needed no more. */
  readonly release: { readonly query: undefined; readonly answer: undefined };
  readonly select: {
    readonly query: { readonly slave: string; readonly query: CoverageQuery };
    readonly answer: Pick<SlaveCoverage, 'connections' | 'matched'>;
  };
  readonly 'select-difference': {
    readonly query: DifferenceQuery;
    readonly answer: Pick<DifferenceReport, 'connections' | 'matched'>;
  };
}

/**
 * What a table is for, so that it is made ready while it comes: to be the `base`, to be `met` with it row by row, or to
 * have a few rows of another `sought` in it.
 */
export interface Preparing {
  readonly kind: KeyKind;
  readonly use: 'base' | 'met' | 'sought';
}

export interface CompareQuery {
  readonly slave: string;
  readonly earlier: number;
  readonly held: number;
  readonly master: number;
  readonly seconds: number;
  /** Addresses of the slave itself, where one table holds its own connections beside the replicas. */
  readonly own?: readonly string[];
}

export interface DifferQuery extends Reading {
  readonly earlier: number;
  readonly held: number;
  readonly master: number;
  readonly base: 'of' | 'against';
}

export interface ExplainQuery {
  readonly slave: string;
  readonly masterNode: ComparedNode;
  readonly slaveNode: ComparedNode;
}

export type Question = {
  [Name in keyof Questions]: {
    readonly id: number;
    readonly name: Name;
    readonly query: Questions[Name]['query'];
  };
}[keyof Questions];

export interface Answer {
  readonly id: number;
  readonly value?: Questions[keyof Questions]['answer'];
  readonly problem?: string;
}
