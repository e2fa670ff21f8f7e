import type { TakeoverInstance, TakeoverState } from '../../../../shared/domain/takeover.ts';
import { err, ok, type Result } from '../../../../shared/lib/result.ts';
import type { TakeoverDump } from '../../agent.ts';
import { type ParseError, parseError } from '../../parse-error.ts';
import { parseKeepalivedData } from './parse-data.ts';
import { parseKeepalivedJson } from './parse-json.ts';

const stateOfData = (text: string | TakeoverState): Result<TakeoverState, ParseError> => {
  if (typeof text !== 'string') return ok(text);
  const [dump] = parseKeepalivedData(text);
  if (dump === undefined) return err(parseError(1, '', "keepalived's dump"));
  const [error] = dump.errors;
  return error === undefined ? ok(dump.state) : err(error);
};

/** What only the full form has. Who is master is told by a backup alone, and the full form may be older than the JSON. */
const completed = (instance: TakeoverInstance, full: TakeoverInstance | undefined): TakeoverInstance => {
  if (full === undefined) return instance;
  const { syncGroup, sourceAddress, masterRouter } = full;
  return {
    ...instance,
    ...(syncGroup !== undefined && { syncGroup }),
    ...(sourceAddress !== undefined && { sourceAddress }),
    ...(instance.state === 'BACKUP' && masterRouter !== undefined && { masterRouter }),
  };
};

/** A state without one of its instances could be another role, so one that cannot be read fails the whole. */
const instancesOfJson = (text: string): Result<readonly TakeoverInstance[], ParseError> => {
  const { instances, errors } = parseKeepalivedJson(text);
  const [error] = errors;
  return error === undefined ? ok(instances) : err(error);
};

/** Joins both forms by the instances' names. Where the JSON cannot be read, the full form stands alone, and the other way round. */
export const parseKeepalivedState = ({ json, data }: TakeoverDump): Result<TakeoverState, ParseError> => {
  const full = data === undefined ? undefined : stateOfData(data);
  const instances = json === undefined ? undefined : instancesOfJson(json);
  if (instances === undefined || (!instances.ok && full?.ok))
    return full ?? err(parseError(1, '', "keepalived's dump in one of its forms"));
  if (!instances.ok) return instances;
  const known = full?.ok ? full.value : undefined;
  return ok({
    instances: instances.value.map((instance) =>
      completed(
        instance,
        known?.instances.find(({ name }) => name === instance.name),
      ),
    ),
    ...(known?.trackFiles && { trackFiles: known.trackFiles }),
  });
};
