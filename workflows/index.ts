export { ConversionWorkflow } from './conversion.js';
