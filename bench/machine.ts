import { availableParallelism, cpus, release, type } from "node:os";

/** The machine in one line: CPU, cores, Node, operating system. */
export function describeMachine(): string {
  const cores = availableParallelism();
  const model = cpus()[0]?.model.trim() ?? "unknown CPU";
  return `${model}, ${cores} ${cores === 1 ? "core" : "cores"}, Node ${process.version}, ${type()} ${release()}`;
}
