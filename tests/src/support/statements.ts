import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import type { Statement } from "../../../server/src/db/statement.ts";

const SOURCES = fileURLToPath(new URL("../../../server/src/", import.meta.url));

/** Every statement of the server, found in its `store.ts` and `*-store.ts` files. */
export async function everyStatement(): Promise<Statement[]> {
  const files = (await readdir(SOURCES, { recursive: true })).filter((file) => /(^|[/-])store\.ts$/.test(file));
  const modules: object[] = await Promise.all(files.map((file) => import(join(SOURCES, file))));
  return modules.flatMap((module) => Object.values(module).flatMap(statementsIn));
}

function statementsIn(exported: unknown): Statement[] {
  if (typeof exported !== "object" || exported === null) return [];
  if (isStatement(exported)) return [exported];
  return Object.values(exported).filter(isStatement);
}

const isStatement = (value: unknown): value is Statement =>
  typeof value === "object" && value !== null && "sql" in value && "params" in value && "row" in value;
