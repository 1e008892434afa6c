/** Names of the environment variables a node reads; the deployment and the local starter set the same ones. */
export const environment = {
  /** Name shown in logs and in `/health/ready`; unique within a cluster. */
  nodeName: 'SPECTRUM_NODE_NAME',
  clusterName: 'SPECTRUM_CLUSTER_NAME',
  /** Address the main port listens on, such as `0.0.0.0`. */
  host: 'SPECTRUM_HOST',
  port: 'SPECTRUM_PORT',
  /** Second port for health, time and metrics; not opened when empty. */
  healthPort: 'SPECTRUM_HEALTH_PORT',
  /** `true` also serves the health paths on the main port (the default on one machine). */
  healthOnMainPort: 'SPECTRUM_HEALTH_ON_MAIN_PORT',
  configurationTable: 'SPECTRUM_CONFIGURATION_TABLE',
  /** AWS region of the node, where regions share a cluster of which one writes; empty elsewhere. */
  region: 'SPECTRUM_REGION',
  /** The region that writes the configuration until it is moved. */
  homeRegion: 'SPECTRUM_HOME_REGION',
  /** Endpoint of a DynamoDB-compatible server; the AWS default of the region when empty. */
  configurationEndpoint: 'SPECTRUM_CONFIGURATION_ENDPOINT',
  /** Folder that holds `<database>/<vintage>/`. */
  referenceData: 'SPECTRUM_REFERENCE_DATA',
  /** `<database>/<vintage>` that the first start defines as the database resource `starter`; none when empty. */
  starterDatabase: 'SPECTRUM_STARTER_DATABASE',
  /**
   * How long a node told to stop goes on serving, in milliseconds, so that its balancer can notice; the deregistration
   * time of contract/health.ts when empty.
   */
  leaveMs: 'SPECTRUM_LEAVE_MS',
  /** Password of the administrator that the first start creates. */
  adminPassword: 'SPECTRUM_ADMIN_PASSWORD',
  /** Worker processes of one node that share its port; `1` when empty. */
  processes: 'SPECTRUM_PROCESSES',
  logLevel: 'SPECTRUM_LOG_LEVEL',
  /** `true` writes one line for each request. */
  accessLog: 'SPECTRUM_ACCESS_LOG',
  /** Largest request body, in bytes. */
  bodyLimitBytes: 'SPECTRUM_BODY_LIMIT_BYTES',
  /** Most rows of one request. */
  rowLimit: 'SPECTRUM_ROW_LIMIT',
  /** Regional table of registrations, leases, runs and clock results; empty where the configuration table holds them. */
  runtimeTable: 'SPECTRUM_RUNTIME_TABLE',
  /** Host under which other nodes reach this one; its first own address when empty. */
  address: 'SPECTRUM_ADDRESS',
  /** Node group that this node belongs to; empty for nodes that run every service. */
  nodeGroup: 'SPECTRUM_NODE_GROUP',
  /** Services by commas: of a node group, those that only the group runs; else those that this node answers, all when empty. */
  services: 'SPECTRUM_SERVICES',
  /** Folder, or `s3://<bucket>/<prefix>`, that keeps the payloads of old changes; the log stays whole when empty. */
  auditArchive: 'SPECTRUM_AUDIT_ARCHIVE',
  /** Days that changes stay in the configuration table. */
  auditDays: 'SPECTRUM_AUDIT_DAYS',
  /** Folder that all nodes share, for the files that jobs read and write; a cluster without it runs no jobs. */
  jobFiles: 'SPECTRUM_JOB_FILES',
  /** Folder of the encrypted secrets of one machine; AWS Secrets Manager holds them when empty. */
  secrets: 'SPECTRUM_SECRETS',
  /** Runs of jobs at a time on one node process; 0 for a node that only answers requests. */
  jobRuns: 'SPECTRUM_JOB_RUNS',
  /** Heap of each thread of a run in MiB: its own, and those of the runtime instances of its services. */
  jobMemoryMiB: 'SPECTRUM_JOB_MEMORY_MIB',
  /** Programs that dataflows and process flows may run, such as `notify=/opt/bin/notify` by commas; none when empty. */
  programs: 'SPECTRUM_PROGRAMS',
  /** Set by ECS in its containers: where a task reads what the platform knows of it. */
  metadataUri: 'ECS_CONTAINER_METADATA_URI_V4',
} as const;
