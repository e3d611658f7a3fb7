import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TestContext } from "node:test";
import { createQueue, TooBusy } from "../../../server/src/passwords/queue.ts";

/** Lets everything that was settled so far take effect. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** A queue of jobs that end when the test says so. */
function openQueue(options: Parameters<typeof createQueue>[0]) {
  const queue = createQueue(options);
  const started: string[] = [];
  const gates = new Map<string, PromiseWithResolvers<string>>();

  return {
    started,
    submit(name: string): Promise<string> {
      const gate = Promise.withResolvers<string>();
      gates.set(name, gate);
      return queue.run(() => {
        started.push(name);
        return gate.promise;
      });
    },
    async finish(name: string): Promise<void> {
      gates.get(name)?.resolve(`${name} done`);
      await settle();
    },
    async fail(name: string): Promise<void> {
      gates.get(name)?.reject(new Error(`${name} failed`));
      await settle();
    },
  };
}

/** Timers that move when told to; setImmediate stays real. */
function holdTimers(test: TestContext) {
  test.mock.timers.enable({ apis: ["setTimeout"] });
  return test.mock.timers;
}

describe("the hashing queue", () => {
  it("runs at most `concurrency` jobs at once, the others in order of arrival", async () => {
    const queue = openQueue({ concurrency: 2, queueLimit: 3, deadlineMs: 60_000 });
    const results = Promise.all(["a", "b", "c", "d", "e"].map((name) => queue.submit(name)));
    await settle();
    assert.deepEqual(queue.started, ["a", "b"]);
    await queue.finish("b");
    assert.deepEqual(queue.started, ["a", "b", "c"]);
    await queue.finish("a");
    await queue.finish("c");
    assert.deepEqual(queue.started, ["a", "b", "c", "d", "e"]);
    await queue.finish("e");
    await queue.finish("d");
    assert.deepEqual(await results, ["a done", "b done", "c done", "d done", "e done"]);
  });

  it("refuses at once what finds the queue full, and takes new jobs when a place is free", async () => {
    const queue = openQueue({ concurrency: 1, queueLimit: 1, deadlineMs: 1500 });
    const first = queue.submit("first");
    const second = queue.submit("second");
    await assert.rejects(queue.submit("refused"), (error) => {
      assert.ok(error instanceof TooBusy);
      assert.equal(error.retryAfterSeconds, 2);
      return true;
    });
    await queue.finish("first");
    const third = queue.submit("third");
    await queue.finish("second");
    await queue.finish("third");
    assert.deepEqual(await Promise.all([first, second, third]), ["first done", "second done", "third done"]);
    assert.deepEqual(queue.started, ["first", "second", "third"]);
  });

  it("lets nothing wait when its limit is 0", async () => {
    const queue = openQueue({ concurrency: 1, queueLimit: 0, deadlineMs: 1000 });
    const first = queue.submit("first");
    await assert.rejects(queue.submit("refused"), TooBusy);
    await queue.finish("first");
    assert.equal(await first, "first done");
  });

  it("gives a job up that waited until its deadline, never runs it, and frees its place", async (test) => {
    const timers = holdTimers(test);
    const queue = openQueue({ concurrency: 1, queueLimit: 1, deadlineMs: 1000 });
    const first = queue.submit("first");
    const late = assert.rejects(queue.submit("late"), (error) => {
      assert.ok(error instanceof TooBusy);
      assert.equal(error.retryAfterSeconds, 1);
      return true;
    });
    timers.tick(999);
    await assert.rejects(queue.submit("refused"), TooBusy);
    timers.tick(1);
    await late;
    const next = queue.submit("next");
    await queue.finish("first");
    await queue.finish("next");
    assert.deepEqual(await Promise.all([first, next]), ["first done", "next done"]);
    assert.deepEqual(queue.started, ["first", "next"]);
  });

  it("has no deadline for a job that already runs", async (test) => {
    const timers = holdTimers(test);
    const queue = openQueue({ concurrency: 1, queueLimit: 1, deadlineMs: 1000 });
    const first = queue.submit("first");
    const second = queue.submit("second");
    await queue.finish("first");
    timers.tick(10_000);
    await queue.finish("second");
    assert.deepEqual(await Promise.all([first, second]), ["first done", "second done"]);
  });

  it("goes on after a job that failed, and tells its failure to nobody else", async () => {
    const queue = openQueue({ concurrency: 1, queueLimit: 1, deadlineMs: 1000 });
    const failing = assert.rejects(queue.submit("failing"), /failing failed/);
    const next = queue.submit("next");
    await queue.fail("failing");
    await failing;
    await queue.finish("next");
    assert.equal(await next, "next done");
  });

  it("refuses options that bound nothing", () => {
    const good = { concurrency: 1, queueLimit: 0, deadlineMs: 1 };
    for (const bad of [{ concurrency: 0 }, { concurrency: 1.5 }, { queueLimit: -1 }, { queueLimit: Infinity }]) {
      assert.throws(() => createQueue({ ...good, ...bad }), RangeError);
    }
    assert.throws(() => createQueue({ ...good, deadlineMs: NaN }), /deadlineMs/);
  });
});
