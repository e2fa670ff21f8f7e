import { createContext, useContext } from 'react';
import type { ConsoleApi } from '../../shared/contract/console-api.ts';

const ApiContext = createContext<ConsoleApi | undefined>(undefined);
export const ApiProvider = ApiContext.Provider;

export function useApi(): ConsoleApi {
  const api = useContext(ApiContext);
  if (api === undefined) throw new Error('no engine was given to this screen');
  return api;
}
