/** The command was understood and cannot be done. Nothing was changed. */
export class Refusal extends Error {
  /** What the reader can do now. */
  readonly advice: string;

  constructor(message: string, advice: string, options?: ErrorOptions) {
    super(message, options);
    this.advice = advice;
  }
}
