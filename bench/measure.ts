/** What one round of one operation came to. */
export interface Round {
  requestsPerSecond: number;
  /** Milliseconds; null where nobody took them. */
  p50: number | null;
  /** Milliseconds; null where nobody took them. */
  p99: number | null;
  /** Share of one core the load generator itself used; null where it never sleeps or has no part in it. */
  generatorBusy: number | null;
  /** How many connections to the database server were open at its end; null where that is not known. */
  databaseConnections: number | null;
  /** Why the round does not count; null if it does. */
  failure: string | null;
}

/** One of those compared, ready for its rounds of one operation. */
export interface Contender {
  name: string;
  playRound(): Promise<Round>;
}

/** The rounds of one operation for one contender. */
export interface Measurement {
  target: string;
  rounds: Round[];
  /** Why there is no figure; null if there is one. */
  failure: string | null;
}

export interface Measuring {
  rounds: number;
  /** Ends the run before the next round. */
  signal: AbortSignal;
  report(line: string): void;
}

/**
 * Measures one operation in alternating rounds: each contender once, then each once more. A round that failed takes its
 * contender out of the remaining ones.
 */
export async function measure(
  title: string,
  contenders: readonly Contender[],
  { rounds, signal, report }: Measuring,
): Promise<Measurement[]> {
  const measurements = contenders.map(({ name }): Measurement => ({ target: name, rounds: [], failure: null }));
  for (let round = 1; round <= rounds; round += 1) {
    for (const [index, contender] of contenders.entries()) {
      signal.throwIfAborted();
      const measurement = measurements[index];
      if (measurement === undefined || measurement.failure !== null) continue;
      const result = await contender.playRound();
      measurement.rounds.push(result);
      measurement.failure = result.failure;
      const figure = result.failure ?? `${Math.round(result.requestsPerSecond)} req/s`;
      report(`${title}, round ${round}, ${contender.name}: ${figure}`);
    }
  }
  return measurements;
}
