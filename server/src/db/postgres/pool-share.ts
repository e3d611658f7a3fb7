interface PoolShare {
  readonly reading: number;
  readonly writing: number;
  readonly transactions: number;
  readonly slow: number;
}

/**
 * What a process does with its connections: one for searches; of the others a third each for reads, for writes of one
 * statement and for longer transactions. Each gets one at least.
 * @param poolSize 4 or more
 */
export function dividePool(poolSize: number): PoolShare {
  const slow = 1;
  const third = Math.max(1, Math.floor((poolSize - slow) / 3));
  return { slow, transactions: third, writing: third, reading: poolSize - slow - 2 * third };
}
