import type { Connection } from '../../../shared/domain/connection.ts';
import type { ConnectionRow } from '../../../shared/domain/connection-query.ts';

/** A connection, with what its table knows beside it. */
export type Row = Connection & Partial<ConnectionRow>;
