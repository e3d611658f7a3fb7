import type { FieldErrors } from "@earshot/protocol";
import type { Static, TObject, TSchema } from "typebox";

import type { Body } from "./body.ts";
import { invalid } from "./errors.ts";
import { type Reading, readId, readIds, readText } from "./fields.ts";
import { typeName } from "./python.ts";

/** What `PATCH` takes: any members of what `PUT` takes. */
export type PartialInput<S extends TObject> = Partial<Static<S>>;

/**
 * Reads a body as `schema` says, by the rules and with the texts of Django REST framework's serializers. Members the schema
 * does not name are ignored.
 * @throws ApiError 400 with what is wrong, member by member
 */
export function readInput<S extends TObject>(schema: S, body: Body): Static<S> {
  // The edge: past it the input is what its schema says.
  return readMembers(schema, body, false) as Static<S>;
}

/** The same, where any member may be left out. */
export function readPartialInput<S extends TObject>(schema: S, body: Body): PartialInput<S> {
  return readMembers(schema, body, true);
}

function readMembers(schema: TObject, body: Body, partial: boolean): object {
  const valueOf = membersOf(body);
  const input = new Map<string, unknown>();
  const errors: [string, string[]][] = [];
  for (const [name, member] of Object.entries(schema.properties)) {
    const given = find(member, name, valueOf, body);
    const required = !partial && schema.required.includes(name);
    if (given === undefined) {
      if (required) errors.push([name, ["This field is required."]]);
      continue;
    }
    const reading = read(member, given.value, given.name, body);
    if ("error" in reading) errors.push([given.name, [reading.error]]);
    else input.set(name, reading.value);
  }
  if (errors.length > 0) throw invalid(Object.fromEntries(errors) satisfies FieldErrors);
  return Object.fromEntries(input);
}

type ValueOf = (name: string, many: boolean) => unknown;

/** How a body is asked for a member; undefined where it has none. */
function membersOf(body: Body): ValueOf {
  if (body.kind === "form") {
    return (name, many) => (many ? (body.fields.get(name) ?? []) : body.fields.get(name)?.at(-1));
  }
  const { value } = body;
  if (value === null) throw invalid({ non_field_errors: ["No data provided"] });
  if (typeof value !== "object" || Array.isArray(value)) {
    throw invalid({ non_field_errors: [`Invalid data. Expected a dictionary, but got ${typeName(value)}.`] });
  }
  const members = new Map<string, unknown>(Object.entries(value));
  return (name) => members.get(name);
}

/** What a body calls a member of `schema`: its name, or its alias where only that is there. */
export function givenName(schema: TObject, name: string, body: Body): string {
  const member = schema.properties[name];
  return member === undefined ? name : (find(member, name, membersOf(body), body)?.name ?? name);
}

const isMany = (member: TSchema) => "type" in member && member.type === "array";

/** A member may have another name (`alias`), which counts where the first is not there. */
function find(member: TSchema, name: string, valueOf: ValueOf, body: Body) {
  const value = valueOf(name, isMany(member));
  if ("alias" in member && typeof member.alias === "string") {
    const isThere = body.kind === "form" ? body.fields.has(name) : value !== undefined;
    const other = valueOf(member.alias, isMany(member));
    const isOtherThere = body.kind === "form" ? body.fields.has(member.alias) : other !== undefined;
    if (!isThere && isOtherThere) return { name: member.alias, value: other };
  }
  return value === undefined ? undefined : { name, value };
}

function read(member: TSchema, value: unknown, name: string, body: Body): Reading<unknown> {
  if (isMany(member)) return readIds(value);
  if ("format" in member && member.format === "uuid") return readId(value);
  const maxLength = "maxLength" in member && typeof member.maxLength === "number" ? member.maxLength : Infinity;
  return readText(value, maxLength, () => (body.kind === "json" ? body.numberText(name) : undefined));
}
