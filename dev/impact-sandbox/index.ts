export type { ReceivedConversion, ReceivedRequest } from './received.js';
export { type ImpactSandbox, type ImpactSandboxOptions, startImpactSandbox } from './start.js';
