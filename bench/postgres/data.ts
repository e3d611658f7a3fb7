import { randomBytes } from "node:crypto";
import { fill, makeSecretKey, temporaryFolder } from "../data.ts";
import type { SeededData } from "../data.ts";
import type { PostgresServer } from "./server.ts";

/** A database on the server, filled; each copy is a database of its own beside it. */
export interface PostgresData extends SeededData {
  /** Makes a copy that no server serves; it goes with the others. */
  copyDatabase(name: string): Promise<string>;
}

export async function seedPostgres(server: PostgresServer): Promise<PostgresData> {
  const secretKey = makeSecretKey();
  const prefix = `earshot_bench_${randomBytes(4).toString("hex")}`;
  const template = `${prefix}_seeded`;
  const databases = [template];
  const { folder, remove: removeFolder } = await temporaryFolder();
  const remove = async (): Promise<void> => {
    for (const database of databases) await server.drop(database);
    await removeFolder();
  };
  const copyDatabase = async (name: string): Promise<string> => {
    const database = `${prefix}_${name.replaceAll(/\W+/g, "_")}`;
    databases.push(database);
    await server.create(database, template);
    return database;
  };
  try {
    await server.create(template);
    await fill(folder, { SECRET_KEY: secretKey, EARSHOT_DATA_DIR: folder, DATABASE_URL: server.urlOf(template) });
    await server.run(template, "vacuum analyze");
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    engine: "postgres",
    copyDatabase,
    async copy(target) {
      const database = await copyDatabase(target);
      const copied = await temporaryFolder();
      const env = { SECRET_KEY: secretKey, EARSHOT_DATA_DIR: copied.folder, DATABASE_URL: server.urlOf(database) };
      return { ...copied, env, countConnections: () => server.countConnections(database) };
    },
    remove,
  };
}
