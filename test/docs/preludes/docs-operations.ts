/** What a workflow has around the code that docs/operations.md shows. */
export { deprecatePatch, patched } from '@temporalio/workflow';
export declare const conversionId: string;
export declare function askFirst(conversionId: string): Promise<void>;
