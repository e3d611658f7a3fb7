import assert from "node:assert/strict";

/** What the histories did, all of them together. */
export class Coverage {
  histories = 0;
  actions = 0;
  requests = 0;
  /** How often a route answered with a status: `DELETE /api/messages/:message_id/ 403`. */
  readonly #answers = new Map<string, number>();

  note(method: string, path: string, status: number): void {
    this.requests += 1;
    const answer = `${method} ${path} ${status}`;
    this.#answers.set(answer, (this.#answers.get(answer) ?? 0) + 1);
  }

  /** Fails where the histories drove another set of routes than there is. */
  requireRoutes(served: readonly { readonly method: string; readonly path: string }[]): void {
    const routes = new Set(served.map(({ method, path }) => `${method} ${path}`));
    const driven = new Set([...this.#answers.keys()].map((answer) => answer.replace(/ \d+$/, "")));
    assert.deepEqual([...routes.difference(driven)], [], "routes that no history drives");
    // Beside the routes named there are HEAD, which goes with GET, and methods that nothing serves.
    const unnamed = [...driven.difference(routes)].filter((route) => !this.#isHeadOrRefused(route));
    assert.deepEqual(unnamed, [], "routes that the registry does not name");
  }

  /** Fails where an answer that the histories are made to meet was not met: then the generators have rotted. */
  requireAnswers(answers: readonly string[]): void {
    assert.deepEqual(this.lacks(answers), [], "answers that no history met");
  }

  /** Those of the answers that no history has met so far. */
  lacks(answers: readonly string[]): readonly string[] {
    return answers.filter((answer) => !this.#answers.has(answer));
  }

  summary(): string {
    const { histories, actions, requests } = this;
    return `privacy: ${histories} histories, ${actions} actions, ${requests} requests, ${this.#answers.size} distinct (route, status) pairs`;
  }

  #isHeadOrRefused(route: string): boolean {
    if (route.startsWith("HEAD ")) return true;
    const statuses = [...this.#answers.keys()].filter((answer) => answer.startsWith(`${route} `));
    return statuses.every((answer) => / (401|403|405)$/.test(answer));
  }
}
