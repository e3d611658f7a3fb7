import { GROUPS, removedSettings, supportedSettings, unsupportedSettings } from "./catalogue.ts";
import { isRecord, quote } from "./reader.ts";
import { suggestion } from "./suggestion.ts";

/** Where settings come from. The overrides win over the environment, and that over the file. */
export interface Sources {
  /** What the settings file exports; undefined where there is no file. */
  readonly file: unknown;
  /** The file's name, for messages. */
  readonly fileName: string;
  /** Variables that are empty or blank count as not set. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly overrides: unknown;
  /** The secret kept in the data folder: what SECRET_KEY is where nothing else says so. */
  readonly storedSecret: { readonly secretKey: string; readonly path: string } | undefined;
}

/** A value somebody wrote. `label` is the name they wrote it under and the place. */
export interface GivenValue {
  readonly label: string;
  readonly value: unknown;
  /** Text of an environment variable, still to be parsed. */
  readonly isText: boolean;
}

export interface GivenSettings {
  /** By setting name; the winning value is the last. */
  readonly values: ReadonlyMap<string, readonly GivenValue[]>;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

const known = [...supportedSettings, ...unsupportedSettings, ...removedSettings];
const knownNames = new Set(known.map(({ name }) => name));
const knownEnvironmentNames = new Set(known.map(({ environmentName }) => environmentName));

/** Sorts what the sources hold by setting, and reports names that no setting has. Pure. */
export function gatherSettings(sources: Sources): GivenSettings {
  const values = new Map<string, GivenValue[]>();
  const problems: string[] = [];
  const add = (name: string, given: GivenValue) => {
    const earlier = values.get(name);
    if (earlier === undefined) values.set(name, [given]);
    else earlier.push(given);
  };

  const addObject = (settings: unknown, place: string) => {
    if (!isRecord(settings)) {
      problems.push(`${place} does not hold an object; write { SECRET_KEY: …, SIMPLE_JWT: { … } }`);
      return;
    }
    for (const { name, value } of leaves(settings, place, problems)) {
      if (knownNames.has(name)) add(name, { label: `${name} (${place})`, value, isText: false });
      else problems.push(unknownName(name, place));
    }
  };

  const { storedSecret } = sources;
  if (storedSecret !== undefined) {
    add("SECRET_KEY", { label: `SECRET_KEY (${storedSecret.path})`, value: storedSecret.secretKey, isText: true });
  }
  if (sources.file !== undefined) addObject(sources.file, sources.fileName);
  for (const { name, environmentName } of known) {
    const text = sources.environment[environmentName];
    if (!isBlank(text)) add(name, { label: `${environmentName} (environment)`, value: text, isText: true });
  }
  if (sources.overrides !== undefined) addObject(sources.overrides, "overrides");

  const strangers = Object.keys(sources.environment).filter(
    (name) => !knownEnvironmentNames.has(name) && !isBlank(sources.environment[name]),
  );
  for (const name of strangers.filter((stranger) => stranger.startsWith("SIMPLE_JWT_"))) {
    problems.push(unknownName(name, "environment"));
  }
  return { values, problems, warnings: strangers.flatMap(nearMiss) };
}

function* leaves(
  settings: Readonly<Record<string, unknown>>,
  place: string,
  problems: string[],
): Generator<{ readonly name: string; readonly value: unknown }> {
  for (const [key, value] of Object.entries(settings)) {
    if (value === undefined) continue;
    if (!GROUPS.includes(key)) yield { name: key, value };
    else if (!isRecord(value)) problems.push(`${key} (${place}) is not an object; write ${key}: { … }`);
    else {
      for (const [innerKey, innerValue] of Object.entries(value)) {
        if (innerValue !== undefined) yield { name: `${key}.${innerKey}`, value: innerValue };
      }
    }
  }
}

function unknownName(name: string, place: string): string {
  const meant = suggestion(name);
  return `${shown(name)} (${place}) is not a setting; ${meant === undefined ? "remove it" : didYouMean(meant, place)}`;
}

/** The EARSHOT_ variables of other programs and commands are none of our business, unless one is a slip of the pen. */
function nearMiss(name: string): readonly string[] {
  const meant = name.startsWith("EARSHOT_") ? suggestion(name) : undefined;
  if (meant === undefined) return [];
  return [`${shown(name)} (environment) is not a setting and is ignored; ${didYouMean(meant, "environment")}`];
}

function didYouMean(name: string, place: string): string {
  return `did you mean ${place === "environment" ? name.replace(".", "_") : name}?`;
}

function shown(name: string): string {
  return /^[\w.]{1,80}$/.test(name) ? name : quote(name);
}

function isBlank(text: string | undefined): text is undefined | "" {
  return text === undefined || text.trim() === "";
}
