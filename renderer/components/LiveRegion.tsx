import { useConsole } from '../client/store.ts';

export const LiveRegion = () => (
  <output className="visually-hidden" aria-live="polite">
    {useConsole((state) => state.announcement)}
  </output>
);
