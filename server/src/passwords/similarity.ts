import { splitIntoWords } from "../python-text.ts";

const MAX_SIMILARITY = 0.7;

/** What of a user a password may not resemble; the empty string where it is not known. */
export interface PasswordUser {
  username: string;
  email: string;
  first_name: string;
  last_name: string;
}

/** In the order in which Django looks at them: only the first that is too similar is named. */
const ATTRIBUTES: readonly { name: keyof PasswordUser; words: string }[] = [
  { name: "username", words: "username" },
  { name: "first_name", words: "first name" },
  { name: "last_name", words: "last name" },
  { name: "email", words: "email address" },
];

/**
 * Names the attribute of `user` that `password` is too similar to, in words, as Django's
 * UserAttributeSimilarityValidator does; undefined when there is none.
 */
export function findSimilarAttribute(password: string, user: PasswordUser): string | undefined {
  const characters = [...password.toLowerCase()];
  return ATTRIBUTES.find(({ name }) => {
    const value = user[name].toLowerCase();
    if (value === "") return false;
    return [...splitIntoWords(value), value].some((part) => isTooSimilar(characters, [...part]));
  })?.words;
}

function isTooSimilar(password: readonly string[], part: readonly string[]): boolean {
  const isPasswordMuchLonger =
    password.length >= 10 * part.length && part.length < (MAX_SIMILARITY / 2) * password.length;
  return !isPasswordMuchLonger && quickRatio(password, part) >= MAX_SIMILARITY;
}

/** As `difflib.SequenceMatcher.quick_ratio`: twice the characters in common, in any order, by all characters. */
function quickRatio(left: readonly string[], right: readonly string[]): number {
  const length = left.length + right.length;
  if (length === 0) return 1;
  const available = new Map<string, number>();
  for (const character of right) available.set(character, (available.get(character) ?? 0) + 1);
  let common = 0;
  for (const character of left) {
    const count = available.get(character) ?? 0;
    if (count === 0) continue;
    available.set(character, count - 1);
    common += 1;
  }
  return (2 * common) / length;
}
