export { AuditWorkflow } from './audit.js';
export { ConversionWorkflow } from './conversion.js';
export { ReversalWorkflow } from './reversal.js';
