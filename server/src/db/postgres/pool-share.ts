interface PoolShare {
  readonly reading: number;
  readonly writing: number;
  readonly transactions: number;
  readonly slow: number;
}

/**
 * What a process does with its connections: one is for searches; of the others half are for writes of one statement, which
 * wait for the disk one behind the other, and a quarter each for reads and for longer transactions. Each gets one at least.
 * @param poolSize 4 or more
 */
export function dividePool(poolSize: number): PoolShare {
  const slow = 1;
  const quarter = Math.max(1, Math.floor((poolSize - slow) / 4));
  return { slow, reading: quarter, transactions: quarter, writing: poolSize - slow - 2 * quarter };
}
