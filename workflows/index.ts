export { AuditWorkflow } from './audit.js';
export { ConversionWorkflow } from './conversion.js';
