/** The copy cannot begin, cannot go on, or is not finished. */
export class CopyProblem extends Error {
  /** What the reader can do now. */
  readonly advice: string;

  constructor(message: string, advice: string, options?: ErrorOptions) {
    super(message, options);
    this.advice = advice;
  }
}

export const RUN_AGAIN = "Run the same command again: it goes on where this one stopped.";

/**
 * Says which of the two databases an error comes from. What is no database's error is given back as it is.
 * @param side "The source sqlite:…", for the beginning of a sentence
 */
export function problemOf(side: string, error: unknown): unknown {
  if (error instanceof CopyProblem || !(error instanceof Error)) return error;
  // The drivers' errors have a code; those that the server makes of them have them for a cause.
  const origin = error.cause instanceof Error ? error.cause : error;
  if (origin === error && !("code" in error)) return error;
  const reasons = origin instanceof AggregateError ? origin.errors.map((one: Error) => one.message) : [origin.message];
  return new CopyProblem(
    `${side} cannot be used: ${reasons.join("; ")}.`,
    "Mend that, and run the same command again. What was copied until now stays.",
    { cause: error },
  );
}
