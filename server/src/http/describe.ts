import type { Metadata } from "@earshot/protocol";
import type { TObject, TSchema } from "typebox";

import type { Resource } from "./resource.ts";

const RENDERS = ["application/json", "text/html"];
const PARSES = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"];

/** The answer to `OPTIONS`, as Django REST framework's SimpleMetadata makes it. */
export function describe(resource: Resource, mayWrite: boolean): object {
  const { name, description, writes } = resource;
  const actions = writes !== undefined && mayWrite ? { actions: { [writes.method]: members(writes.members) } } : {};
  return { name, description, renders: RENDERS, parses: PARSES, ...actions };
}

function members(schema: TObject): object {
  return Object.fromEntries(
    Object.entries(schema.properties).map(([name, member]) => [name, describeMember(name, member)]),
  );
}

function describeMember(name: string, schema: TSchema): object {
  const { type, required, read_only, label = labelOf(name), ...details } = metadataOf(schema);
  return { type, required, read_only, label, ...details, ...inside(schema, read_only) };
}

/** Lists of objects show the object as `child`, unless they are written by id; objects show their members. */
function inside(schema: TSchema, read_only: boolean): object {
  if ("properties" in schema) return { children: members(schema as TObject) };
  if (!read_only || !("items" in schema) || !isObject(schema.items)) return {};
  const { type, required, read_only: childReadOnly } = metadataOf(schema.items);
  return { child: { type, required, read_only: childReadOnly, children: members(schema.items) } };
}

const isObject = (schema: unknown): schema is TObject =>
  typeof schema === "object" && schema !== null && "properties" in schema;

function metadataOf(schema: TSchema): Metadata {
  if ("metadata" in schema) return schema.metadata as Metadata;
  throw new Error("a member that OPTIONS shows has no metadata");
}

/** `message_body` → `Message body` */
function labelOf(name: string): string {
  const words = name.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
