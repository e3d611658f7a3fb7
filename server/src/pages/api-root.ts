import { ApiRoot } from "@earshot/protocol";

import type { Authentication } from "../auth/authentication.ts";
import { type Resource, routeAt } from "../http/resource.ts";
import { IsAuthenticated } from "../permissions/classes.ts";

/** `GET /api/`: where the collections are (contract: errors.json, "API root"). */
export function apiRootResource(authentication: readonly Authentication[]): Resource {
  const permissions = [IsAuthenticated];
  return {
    path: "/api/",
    name: "Api Root",
    description: "The default basic root view for DefaultRouter",
    authentication,
    permissions,
    routes: {
      GET: routeAt<"/api/">()({
        permissions,
        answer: ApiRoot,
        handle: async ({ url }) => ({ conversations: `${url}conversations/`, messages: `${url}messages/` }),
      }),
    },
  };
}
