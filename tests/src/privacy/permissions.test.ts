import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import * as fc from "fast-check";

import { createApp, createRegistry } from "@earshot/server";

import type { Caller } from "../../../server/src/auth/caller.ts";
import { type Registry, routeLines, UnguardedRoute } from "../../../server/src/http/registry.ts";
import { authorizer, checkRoute } from "../../../server/src/permissions/authorize.ts";
import {
  AllowAny,
  CanAccessOwnData,
  IsAuthenticated,
  IsConversationAdmin,
  IsConversationParticipant,
  IsMessageOwner,
  IsOwner,
} from "../../../server/src/permissions/classes.ts";
import {
  and,
  type Method,
  not,
  or,
  type Permission,
  type Subject,
} from "../../../server/src/permissions/permission.ts";
import { ApiError } from "../../../server/src/http/errors.ts";
import { startServer, type TestServer } from "../support/server.ts";

const CLASSES = [
  AllowAny,
  CanAccessOwnData,
  IsAuthenticated,
  IsConversationAdmin,
  IsConversationParticipant,
  IsMessageOwner,
  IsOwner,
];

/** One of the classes, or any answer to either question. */
const simple = fc.oneof(
  fc.constantFrom(...CLASSES),
  fc.tuple(fc.boolean(), fc.boolean()).map(([route, object]): Permission => ({
    name: `${route ? "Some" : "No"}Route${object ? "Some" : "No"}Object`,
    allows: () => route,
    allowsObject: () => object,
  })),
);
const { permission } = fc.letrec<{ permission: Permission }>((tie) => ({
  permission: fc.oneof(
    { maxDepth: 3 },
    simple,
    fc.array(tie("permission"), { minLength: 1, maxLength: 3 }).map((inner) => and(...inner)),
    fc.array(tie("permission"), { minLength: 1, maxLength: 3 }).map((inner) => or(...inner)),
    tie("permission").map(not),
  ),
}));

const method = fc.constantFrom<Method>("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE");
const caller = fc.constantFrom("ada", "ben").map((user_id): Caller => ({ user_id }));
const membership = fc.constantFrom("owner", "admin", "member", undefined);
const user = fc.constantFrom("ada", "ben", "cy");
const subject: fc.Arbitrary<Subject> = fc.oneof(
  fc.record({ kind: fc.constant("conversation"), membership }),
  fc.record({ kind: fc.constant("message"), membership, sender_id: user }),
  fc.record({ kind: fc.constant("owned"), user_id: user }),
);
/** A question that is put to a permission: may this caller (or nobody) use the route, may they do this to the object? */
const question = fc.record({ caller, nobody: fc.boolean(), method, subject });
type Question = typeof question extends fc.Arbitrary<infer T> ? T : never;

const mayUse = (one: Permission, { caller: known, nobody, method: by }: Question) =>
  one.allows(nobody ? undefined : known, by);
const mayTouch = (one: Permission, { caller: known, method: by, subject: what }: Question) =>
  one.allowsObject(known, by, what);
/** Through both doors, as a request has to come. */
const lets = (one: Permission, asked: Question) => mayUse(one, asked) && mayTouch(one, asked);

const holds = (predicate: (a: Permission, b: Permission, c: Permission, asked: Question) => void) =>
  fc.assert(fc.property(permission, permission, permission, question, predicate), { numRuns: 500 });

const same = (a: Permission, b: Permission, asked: Question) => {
  assert.equal(mayUse(a, asked), mayUse(b, asked));
  assert.equal(lets(a, asked), lets(b, asked));
};

describe("composed permissions", () => {
  it("`and` asks all, for the route and for the object", () =>
    holds((a, b, c, asked) => {
      assert.equal(
        mayUse(and(a, b, c), asked),
        [a, b, c].every((one) => mayUse(one, asked)),
      );
      assert.equal(
        mayTouch(and(a, b, c), asked),
        [a, b, c].every((one) => mayTouch(one, asked)),
      );
    }));

  it("`or` asks for one that holds for the route and for the object alike", () =>
    holds((a, b, c, asked) => {
      const known = { ...asked, nobody: false };
      assert.equal(
        mayUse(or(a, b, c), asked),
        [a, b, c].some((one) => mayUse(one, asked)),
      );
      assert.equal(
        lets(or(a, b, c), known),
        [a, b, c].some((one) => lets(one, known)),
      );
    }));

  it("`not` turns both answers round, and twice leaves them", () =>
    holds((a, _, __, asked) => {
      assert.equal(mayUse(not(a), asked), !mayUse(a, asked));
      assert.equal(mayTouch(not(a), asked), !mayTouch(a, asked));
      same(not(not(a)), a, asked);
    }));

  it("order and grouping do not matter", () =>
    holds((a, b, c, asked) => {
      same(and(a, b), and(b, a), asked);
      same(or(a, b), or(b, a), { ...asked, nobody: false });
      same(and(a, and(b, c)), and(and(a, b), c), asked);
      same(or(a, or(b, c)), or(or(a, b), c), { ...asked, nobody: false });
    }));

  it("AllowAny is neutral in `and`, and its opposite in `or`", () =>
    holds((a, _, __, asked) => {
      same(and(a, AllowAny), a, asked);
      same(or(a, not(AllowAny)), a, { ...asked, nobody: false });
    }));

  it("a stricter list never lets more in", () =>
    holds((a, b, _, asked) => {
      assert.ok(!lets(and(a, b), asked) || lets(a, asked));
      assert.ok(!lets(a, { ...asked, nobody: false }) || lets(or(a, b), { ...asked, nobody: false }));
    }));

  it("a name tells how it is composed", () => {
    assert.equal(
      and(IsAuthenticated, or(IsOwner, not(AllowAny))).name,
      "(IsAuthenticated and (IsOwner or (not AllowAny)))",
    );
  });
});

describe("the classes", () => {
  const ask = (predicate: (asked: Question) => void) => fc.assert(fc.property(question, predicate), { numRuns: 500 });
  const isSafe = ({ method: by }: Question) => ["GET", "HEAD", "OPTIONS"].includes(by);

  it("who takes no part in it reaches nothing of a conversation", () =>
    ask((asked) => {
      const { subject: what } = asked;
      if (what.kind === "owned" || what.membership !== undefined) return;
      for (const one of [CanAccessOwnData, IsConversationParticipant]) assert.equal(mayTouch(one, asked), false);
      if (what.kind === "message") assert.equal(mayTouch(IsMessageOwner, asked), false);
    }));

  it("a message is changed by its sender alone and read by who takes part", () =>
    ask((asked) => {
      const { subject: what, caller: known } = asked;
      if (what.kind !== "message") return;
      const takesPart = what.membership !== undefined;
      const expected = takesPart && (isSafe(asked) || what.sender_id === known.user_id);
      assert.equal(mayTouch(IsMessageOwner, asked), expected);
    }));

  it("what has an owner is its owner's, a superuser or not", () =>
    ask((asked) => {
      const { subject: what, caller: known } = asked;
      if (what.kind !== "owned") return;
      for (const one of [IsOwner, CanAccessOwnData]) assert.equal(mayTouch(one, asked), what.user_id === known.user_id);
    }));

  it("a conversation is managed by its owner and its admins", () =>
    ask((asked) => {
      const { subject: what } = asked;
      if (what.kind !== "conversation") return;
      const { membership: role } = what;
      assert.equal(mayTouch(or(IsOwner, IsConversationAdmin), asked), role === "owner" || role === "admin");
    }));
});

describe("checking permissions", () => {
  const statusOf = (check: () => void) => {
    try {
      check();
    } catch (error) {
      assert.ok(error instanceof ApiError);
      return error.status;
    }
    return 200;
  };

  it("nobody is told to sign in, somebody that they may not", () =>
    holds((a, b, c, asked) => {
      const isAllowed = [a, b, c].every((one) => mayUse(one, asked));
      const status = statusOf(() => checkRoute([a, b, c], asked.nobody ? undefined : asked.caller, asked.method));
      assert.equal(status, isAllowed ? 200 : asked.nobody ? 401 : 403);
    }));

  it("all permissions of a route must hold for an object", () =>
    holds((a, b, c, asked) => {
      const isAllowed = [a, b, c].every((one) => mayTouch(one, asked));
      const status = statusOf(() => authorizer([a, b, c], asked.caller, asked.method)(asked.subject));
      assert.equal(status, isAllowed ? 200 : 403);
    }));
});

describe("a route without permissions", () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());

  const refuses = (registry: Registry, route: string) =>
    assert.throws(
      () => createApp(server.context, registry),
      (error) => error instanceof UnguardedRoute && error.message.includes(route),
    );

  it("of any resource and any method keeps the server from starting", () => {
    const registry = createRegistry(server.context);
    let tried = 0;
    for (const resource of registry.resources) {
      for (const [name, route] of Object.entries(resource.routes)) {
        const routes = { ...resource.routes, [name]: { ...route, permissions: [] } };
        const resources = registry.resources.map((one) => (one === resource ? { ...resource, routes } : one));
        refuses({ ...registry, resources }, `${name} ${resource.path}`);
        tried += 1;
      }
      const unguarded = { ...resource, permissions: [] };
      const resources = registry.resources.map((one) => (one === resource ? unguarded : one));
      refuses({ ...registry, resources }, `OPTIONS ${resource.path}`);
      tried += 1;
    }
    for (const page of registry.pages) {
      const pages = registry.pages.map((one) => (one === page ? { ...page, permissions: [] } : one));
      refuses({ ...registry, pages }, `GET ${page.path}`);
      tried += Object.keys(page.methods).length;
    }
    assert.equal(tried, routeLines(registry).length);
  });

  it("is what keeps it: the registry as it is starts", async () => {
    await createApp(server.context, createRegistry(server.context)).close();
  });
});
