/** The wish that the server stop. */
export interface StopSignal {
  /** Resolves at the first signal; later ones change nothing: Ctrl-C arrives several times through npm. */
  readonly requested: Promise<void>;
}

export function stopSignal(): StopSignal {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => resolve());
  return { requested: promise };
}
