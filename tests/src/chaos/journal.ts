/** Which of the two servers. */
export type Place = 0 | 1;

/** A message the servers have acknowledged. */
export interface Acknowledged {
  readonly client_id: string;
  readonly conversation: string;
  readonly sender: string;
  readonly message_body: string;
  /** What the answer said. */
  readonly message_id: string;
  readonly seq: number;
  readonly place: Place;
  /** When the answer was there; times are those of `performance.now()`. */
  readonly at: number;
  /** When the attempt began that was answered. */
  readonly since: number;
  /** How often it was sent. */
  readonly attempts: number;
}

/** An attempt that was not acknowledged. */
interface Trouble {
  readonly place: Place;
  readonly at: number;
  /** A status, or the code of a `NoAnswer`. */
  readonly what: number | string;
  /** The body of an answer, for whoever reads the failure. */
  readonly body: string;
  readonly retryAfter: number | undefined;
}

/** Everything the clients met. */
export interface Journal {
  readonly acknowledged: Acknowledged[];
  readonly troubles: Trouble[];
}

/** From when until when something was away; times are those of `performance.now()`. */
export interface Outage {
  readonly from: number;
  readonly until: number;
}
