import type { ParticipantRole } from "@earshot/protocol";

import type { Caller } from "../auth/caller.ts";

export type Method = "GET" | "HEAD" | "OPTIONS" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What a permission is asked about: the caller's relation to an object, as the query found it. */
export type Subject =
  /** A conversation, with the caller's role in it; undefined where the caller takes no part. */
  | { readonly kind: "conversation"; readonly membership: ParticipantRole | undefined }
  /** A message, with its sender and the caller's role in its conversation. */
  | { readonly kind: "message"; readonly sender_id: string; readonly membership: ParticipantRole | undefined }
  /** Anything that belongs to one user. */
  | { readonly kind: "owned"; readonly user_id: string };

/** Who may do what. Every route names its permissions; all of them must hold. */
export interface Permission {
  readonly name: string;
  /** What is said where it does not hold. */
  readonly message?: string | undefined;
  /** Whether the caller (undefined: nobody known) may use the route at all. */
  allows(caller: Caller | undefined, method: Method): boolean;
  /** Whether the caller may do this to the object. */
  allowsObject(caller: Caller, method: Method, subject: Subject): boolean;
}

/** Holds where all of them hold. */
export const and = (...permissions: readonly Permission[]): Permission => ({
  name: `(${permissions.map(({ name }) => name).join(" and ")})`,
  allows: (caller, method) => permissions.every((one) => one.allows(caller, method)),
  allowsObject: (caller, method, subject) => permissions.every((one) => one.allowsObject(caller, method, subject)),
});

/** Holds where one of them holds, for the route and the object alike. */
export const or = (...permissions: readonly Permission[]): Permission => ({
  name: `(${permissions.map(({ name }) => name).join(" or ")})`,
  allows: (caller, method) => permissions.some((one) => one.allows(caller, method)),
  allowsObject: (caller, method, subject) =>
    permissions.some((one) => one.allows(caller, method) && one.allowsObject(caller, method, subject)),
});

/** Holds where the other does not. */
export const not = (permission: Permission): Permission => ({
  name: `(not ${permission.name})`,
  allows: (caller, method) => !permission.allows(caller, method),
  allowsObject: (caller, method, subject) => !permission.allowsObject(caller, method, subject),
});
