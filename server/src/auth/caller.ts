/** Who makes a request. */
export interface Caller {
  readonly user_id: string;
  readonly username: string;
  readonly is_superuser: boolean;
}
