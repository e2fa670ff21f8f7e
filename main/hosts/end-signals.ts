/** Aborts at the first Ctrl+C or SIGTERM; the second is left to the system, which ends the process. */
export function endSignals(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
  return controller.signal;
}
