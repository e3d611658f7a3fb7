/** Who makes a request. */
export interface Caller {
  readonly user_id: string;
}
