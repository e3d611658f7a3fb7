import { access } from "node:fs/promises";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";

export type LoadedFile =
  | { readonly ok: true; readonly settings: unknown }
  | { readonly ok: false; readonly problem: string };

/** Imports the settings file and takes its default export. Where it is missing and may be, the settings are undefined. */
export async function loadSettingsFile(path: string, isRequired: boolean): Promise<LoadedFile> {
  const name = basename(path);
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    return isRequired
      ? { ok: false, problem: `${name} cannot be read: ${path} is missing; write the path of a settings file` }
      : { ok: true, settings: undefined };
  }
  try {
    const module: unknown = await import(pathToFileURL(path).href);
    const settings = typeof module === "object" && module !== null && "default" in module ? module.default : undefined;
    if (settings !== undefined) return { ok: true, settings };
    return { ok: false, problem: `${name} has no default export; write export default defineSettings({ … })` };
  } catch (error) {
    // The error's own message may quote the file, secrets included.
    const kind = error instanceof Error ? error.name : typeof error;
    return {
      ok: false,
      problem: `${name} cannot be loaded (${kind}); run \`node ${name}\` in its folder to see where it fails`,
    };
  }
}
