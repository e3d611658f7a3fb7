import type { Json } from "../contract/json.ts";

/** The answer that a request must get. */
export interface Expected {
  readonly status: number;
  /**
   * The JSON body; undefined where there is none. Where the request changed something, this is also where the model takes
   * that over, with what only the answer can tell (`given`): new ids and moments.
   */
  readonly body: (given: () => Json) => object | undefined;
  /** Whether the very same must be answered where nothing has the ids that were asked for. */
  readonly isHidden?: boolean;
  /** Whether the answer is a page for people, whose text is not compared. */
  readonly isPage?: boolean;
}

export const shows = (body: object, status = 200): Expected => ({ status, body: () => body });

export const page = (status: number): Expected => ({ status, body: () => undefined, isPage: true });

/** @param apply takes over into the model what the request did */
export const done = (apply: () => void): Expected => ({
  status: 204,
  body: () => {
    apply();
    return undefined;
  },
});
