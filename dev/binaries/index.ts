export { findBinary } from './find-binary.js';
export type { BinaryName } from './pins.js';
