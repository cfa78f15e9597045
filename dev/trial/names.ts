/** Processes that a fault can end or stop. */
export const PROCESSES = ['mongod', 'temporal', 'impact', 'api', 'worker-1', 'worker-2'] as const;
export type ProcessName = (typeof PROCESSES)[number];

/** Connections on which the network can fail, each with the process that it leads to. */
export const LINKS = {
  'client→api': 'api',
  'api→mongod': 'mongod',
  'api→temporal': 'temporal',
  'api→issuer': 'issuer',
  'worker→mongod': 'mongod',
  'worker→temporal': 'temporal',
  'worker→impact': 'impact',
} as const;
export type LinkName = keyof typeof LINKS;
