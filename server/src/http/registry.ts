import type { Permission } from "../permissions/permission.ts";
import type { Page } from "./page.ts";
import type { Resource } from "./resource.ts";

/** Everything the server serves. */
export interface Registry {
  readonly resources: readonly Resource[];
  readonly pages: readonly Page[];
}

/** One line of `earshot routes`. */
export interface RouteLine {
  readonly method: string;
  readonly path: string;
  readonly authentication: readonly string[];
  readonly permissions: readonly string[];
}

const names = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name);

export function routeLines({ resources, pages }: Registry): RouteLine[] {
  const line =
    (path: string, authentication: readonly string[]) => (method: string, permissions: readonly Permission[]) => ({
      method,
      path,
      authentication,
      permissions: names(permissions),
    });
  return [
    ...resources.flatMap((resource) => {
      const of = line(resource.path, names(resource.authentication));
      return [
        ...Object.entries(resource.routes).map(([method, route]) => of(method, route.permissions)),
        of("OPTIONS", resource.permissions),
      ];
    }),
    ...pages.flatMap((page) =>
      Object.keys(page.methods).map((method) => line(page.path, [])(method, page.permissions)),
    ),
  ];
}

/** A route names no permission: nobody decided who may use it. */
export class UnguardedRoute extends Error {}

/** @throws UnguardedRoute naming every route without permissions */
export function requirePermissions(registry: Registry): void {
  const unguarded = routeLines(registry).filter(({ permissions }) => permissions.length === 0);
  if (unguarded.length === 0) return;
  const list = unguarded.map(({ method, path }) => `${method} ${path}`).join(", ");
  throw new UnguardedRoute(`These routes name no permissions: ${list}. Name who may use them; AllowAny for everyone.`);
}
