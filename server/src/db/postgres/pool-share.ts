interface PoolShare {
  readonly reading: number;
  readonly writing: number;
  readonly transactions: number;
  readonly slow: number;
}

/**
 * What a process does with its connections: one is for searches; of the others a quarter is for reads, which come one behind
 * the other, a third for transactions, each of which has one to itself, and the rest for writes of one statement, which wait
 * for the disk. Each gets one at least.
 * @param poolSize 4 or more
 */
export function dividePool(poolSize: number): PoolShare {
  const slow = 1;
  const rest = poolSize - slow;
  const reading = Math.max(1, Math.floor(rest / 4));
  const transactions = Math.max(1, Math.floor(rest / 3));
  return { slow, reading, transactions, writing: rest - reading - transactions };
}
