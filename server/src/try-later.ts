/** Nothing was done for want of room or time; the same request may well succeed later. Answered with 503. */
export class TryLater extends Error {
  readonly retryAfterSeconds: number;

  /** @param retryAfterSeconds whole seconds, for Retry-After */
  constructor(message: string, retryAfterSeconds: number, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
