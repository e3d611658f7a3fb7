import { PARTICIPANT_ROLES, type ParticipantRole } from "@earshot/protocol";

import type { Caller } from "../auth/caller.ts";
import { ApiError, forbidden, unauthenticated } from "../http/errors.ts";
import type { Method, Permission, Subject } from "./permission.ts";

/** Checks an object against the permissions of the route that asks. @throws ApiError 403 */
export type Authorize = (subject: Subject) => void;

/**
 * Whether the caller may use the route at all.
 * @throws ApiError 401 where nobody is known and somebody must be; 403 where the known caller may not
 */
export function checkRoute(permissions: readonly Permission[], caller: Caller | undefined, method: Method): void {
  for (const permission of permissions) {
    if (permission.allows(caller, method)) continue;
    throw caller === undefined ? unauthenticated() : forbidden(permission.message);
  }
}

/** The roles whose bearers the permissions let do this in a conversation: for a statement that checks them itself. */
export const rolesThatPass = (authorize: Authorize): readonly ParticipantRole[] =>
  PARTICIPANT_ROLES.filter((membership) => passes(authorize, { kind: "conversation", membership }));

function passes(authorize: Authorize, subject: Subject): boolean {
  try {
    authorize(subject);
    return true;
  } catch (error) {
    if (error instanceof ApiError) return false;
    throw error;
  }
}

export function authorizer(permissions: readonly Permission[], caller: Caller, method: Method): Authorize {
  return (subject) => {
    for (const permission of permissions) {
      if (!permission.allowsObject(caller, method, subject)) throw forbidden(permission.message);
    }
  };
}
