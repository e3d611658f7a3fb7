import type { Static, TObject, TSchema } from "typebox";

import type { Authentication } from "../auth/authentication.ts";
import type { Caller } from "../auth/caller.ts";
import type { Json } from "../db/statement.ts";
import type { Authorize } from "../permissions/authorize.ts";
import type { Permission } from "../permissions/permission.ts";
import type { Query } from "./query.ts";

export type RouteMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** The names that stand as `:name` in a path; each is the id of something. */
type IdNames<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | IdNames<`/${Rest}`>
  : never;

export type Ids<Path extends string> = Readonly<Record<IdNames<Path>, string>>;

/** One request to one route, past negotiation, authentication and the route's permissions. */
export interface Call<Path extends string = string, Input = unknown> {
  /** Who asks. @throws ApiError 401 on a resource that does not look at credentials */
  readonly caller: Caller;
  /** Settles once the caller's account is known to be active. Awaited by a route that begins early, before it changes anything. */
  readonly confirmed: Promise<void>;
  /** The ids of the path, in canonical form. */
  readonly ids: Ids<Path>;
  readonly query: Query;
  /** Scheme, host and path of the request: what links begin with. */
  readonly url: string;
  /** Reads the body. Called after the object is found and its permissions are checked. @throws ApiError 400, 415 */
  input(): Input;
  /** What the body calls a member of the input: its name or its alias. */
  nameOf(member: string): string;
  /** Checks an object against the permissions of this route. @throws ApiError 403 */
  readonly authorize: Authorize;
}

/** One method of a resource: what it takes, who may use it, what it does and answers. */
export interface Route {
  readonly permissions: readonly Permission[];
  /** What the body must be; none where the body is not read. */
  readonly input?: TObject;
  /** Whether any member of the input may be left out. */
  readonly partial?: boolean;
  /** The body of the answer when all goes well; none for an answer without a body. */
  readonly answer?: TSchema;
  /**
   * Whether it begins while the caller's account is still being looked up, which spares a round trip; its answer waits for
   * that. Every GET does, since it changes nothing.
   */
  readonly beginsEarly?: boolean;
  /** The status when all goes well; 200 unless said. */
  readonly status?: 200 | 201 | 204;
  handle(call: Call): Promise<unknown>;
}

type InputOf<I extends TObject, Partly extends boolean> = [I] extends [never]
  ? undefined
  : Partly extends true
    ? Partial<Static<I>>
    : Static<I>;

type AnswerOf<A extends TSchema> = [A] extends [never] ? void : Static<A> | Json<Static<A>>;

interface TypedRoute<Path extends string, I extends TObject, Partly extends boolean, A extends TSchema> extends Route {
  readonly input?: I;
  readonly partial?: Partly;
  readonly answer?: A;
  handle(call: Call<Path, InputOf<I, Partly>>): Promise<AnswerOf<A>>;
}

/** Types a route by its path, its input and its answer. */
export const routeAt =
  <Path extends string>() =>
  <I extends TObject = never, A extends TSchema = never, Partly extends boolean = false>(
    route: TypedRoute<Path, I, Partly, A>,
  ): Route =>
    route;

/** A path and what can be done there. */
export interface Resource {
  readonly path: string;
  /** Its title for people, and its name in `OPTIONS`. */
  readonly name: string;
  readonly description: string;
  /** Asked one after the other; none for a resource that does not look at credentials. */
  readonly authentication: readonly Authentication[];
  /** What the resource as a whole asks, before it is clear whether it has such a method. */
  readonly permissions: readonly Permission[];
  readonly routes: Readonly<Partial<Record<RouteMethod, Route>>>;
  /** Whether `path` is also served with a format behind it: `/api/messages.json`. */
  readonly suffixed?: boolean;
  /** Largest body taken, in bytes. */
  readonly bodyLimit?: number;
  /** What `OPTIONS` shows of the members that a write takes. */
  readonly writes?: { readonly method: "POST" | "PUT"; readonly members: TObject };
  /** Whether `OPTIONS` shows `writes` to this caller; to all who are let in, unless said. */
  mayWrite?(call: Call): Promise<boolean>;
}
