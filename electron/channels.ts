/** The messages between main and preload: the whole list. Everything else goes over the port that they carry. */
export const channels = {
  /** Preload to main: a page has loaded and wants an engine. */
  attach: 'handover:attach',
  /** Main to preload, with a port to the running engine: the answer, and again after each restart of the engine. */
  port: 'handover:port',
} as const;
