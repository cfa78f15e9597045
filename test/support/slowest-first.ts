import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Folders whose tests start whole systems, the slowest first. */
const SLOW = [
  'operator-ui',
  'browser',
  'dev',
  'docs',
  'console',
  'workflows',
  'end-to-end',
  'operations',
  'monitoring',
];

/** Slow files begin first, so that no file runs for long after all others have ended. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => groupOrder(a) - groupOrder(b) || rank(a) - rank(b));
  }
}

const groupOrder = ({ project }: TestSpecification) => project.config.sequence.groupOrder;

function rank({ moduleId }: TestSpecification): number {
  const index = SLOW.findIndex((folder) => moduleId.includes(`/test/${folder}/`));
  return index === -1 ? SLOW.length : index;
}
