import type { Measurement, Round } from "./measure.ts";
import { median } from "./median.ts";

/** Medians over the rounds of one operation for one contender; latencies in milliseconds. */
export interface Summary {
  target: string;
  requestsPerSecond: { median: number; min: number; max: number };
  /** NaN where nobody took it. */
  p50: number;
  /** NaN where nobody took it. */
  p99: number;
  /** The greatest share of a core that the generator needed in any round. */
  generatorBusy: number;
  /** How many times as many requests the first target answers, median of the rounds; null where either figure is missing. */
  firstToThis: number | null;
  failure: string | null;
}

/** One summary a measurement, each compared with the first measurement, round by round. */
export function summarize(measurements: readonly Measurement[]): Summary[] {
  const [first] = measurements;
  return measurements.map((measurement) => {
    const { target, rounds, failure } = measurement;
    const rates = rounds.map((round) => round.requestsPerSecond);
    const isComparable = first !== undefined && first !== measurement && failure === null && first.failure === null;
    return {
      target,
      requestsPerSecond: { median: median(rates), min: Math.min(...rates), max: Math.max(...rates) },
      p50: medianOf(rounds, "p50"),
      p99: medianOf(rounds, "p99"),
      generatorBusy: Math.max(...rounds.map((round) => round.generatorBusy ?? 0)),
      firstToThis: isComparable ? median(ratios(first, measurement)) : null,
      failure,
    };
  });
}

const medianOf = (rounds: readonly Round[], name: "p50" | "p99"): number =>
  median(rounds.flatMap((round) => round[name] ?? []));

function ratios(first: Measurement, other: Measurement): number[] {
  return first.rounds.map(
    (round, index) => round.requestsPerSecond / (other.rounds[index]?.requestsPerSecond ?? Number.NaN),
  );
}
