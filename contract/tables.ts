/** Attribute names of the two DynamoDB tables, shared by the deployment, the nodes and the Lambdas. */
export const tableAttributes = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Seconds since 1970; the runtime table collects expired items by it, and nothing relies on when. */
  expiresAt: 'expiresAt',
} as const;

/** Partitions of the configuration table begin so that hold pieces of large values: all that nodes ever delete in it. */
export const chunkPartitions = 'chunk';
