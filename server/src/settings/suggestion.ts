import { removedSettings, supportedSettings, unsupportedSettings } from "./catalogue.ts";

const LONGEST_COMPARED_NAME = 64;

/** The name of the setting that was probably meant by `written`, or undefined where none is near. */
export function suggestion(written: string): string | undefined {
  const full = normalized(written);
  const key = normalized(written.slice(written.indexOf(".") + 1));
  let nearest: string | undefined;
  let nearestDistance = 1 + Math.max(1, Math.floor(key.length / 4));
  for (const { name, environmentName } of [...supportedSettings, ...unsupportedSettings, ...removedSettings]) {
    const knownKey = name.slice(name.indexOf(".") + 1);
    for (const [left, right] of [
      [key, knownKey],
      [full, environmentName],
    ] as const) {
      if (Math.abs(left.length - right.length) >= nearestDistance) continue;
      const distance = editDistance(left, right);
      if (distance < nearestDistance) [nearest, nearestDistance] = [name, distance];
    }
  }
  return nearest;
}

function normalized(written: string): string {
  return written
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toUpperCase()
    .replaceAll(/[-.]/g, "_")
    .slice(0, LONGEST_COMPARED_NAME);
}

/** The fewest letters to insert, remove, replace or swap with their neighbour (optimal string alignment). */
function editDistance(left: string, right: string): number {
  const rows = [Array.from({ length: right.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Infinity;
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    rows.push(current);
    for (let column = 1; column <= right.length; column += 1) {
      const replaced = at(row - 1, column - 1) + (left[row - 1] === right[column - 1] ? 0 : 1);
      const isSwap = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      const swapped = isSwap ? at(row - 2, column - 2) + 1 : Infinity;
      current.push(Math.min(replaced, swapped, at(row - 1, column) + 1, at(row, column - 1) + 1));
    }
  }
  return at(left.length, right.length);
}
