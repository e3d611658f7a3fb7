import type { Measurement } from "./measure.ts";
import { median } from "./median.ts";

/** Medians over the rounds of one operation on one target; latencies in milliseconds. */
export interface Summary {
  target: string;
  requestsPerSecond: { median: number; min: number; max: number };
  p50: number;
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
    const { target, runs, failure } = measurement;
    const rates = runs.map((run) => run.requestsPerSecond);
    const isComparable = first !== undefined && first !== measurement && failure === null && first.failure === null;
    return {
      target,
      requestsPerSecond: { median: median(rates), min: Math.min(...rates), max: Math.max(...rates) },
      p50: median(runs.map((run) => run.p50)),
      p99: median(runs.map((run) => run.p99)),
      generatorBusy: Math.max(...runs.map((run) => run.generatorBusy ?? 0)),
      firstToThis: isComparable ? median(ratios(first, measurement)) : null,
      failure,
    };
  });
}

function ratios(first: Measurement, other: Measurement): number[] {
  return first.runs.map((run, round) => run.requestsPerSecond / (other.runs[round]?.requestsPerSecond ?? Number.NaN));
}
