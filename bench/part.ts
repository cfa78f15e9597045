import type { Plot } from './chart.js';

/** A part of `npm run bench`: it measures one thing beside what people would use instead, in the same run. */
export interface Part {
  /** What it measures, for --help. */
  about: string;
  run(report: Report, options: PartOptions): Promise<void>;
}

export interface PartOptions {
  /** Fewer rounds and smaller numbers: shows that the part works, and measures roughly. */
  quick: boolean;
}

/** Goes to the terminal and the table as it comes. */
export interface Report {
  row(row: Row): void;
  /** What could not be measured, and what it needs. */
  skip(work: string, why: string): void;
  progress(text: string): void;
}

/** One line of the table. Machines differ, so the ratio matters. */
export interface Row {
  work: string;
  unit: 'ms' | 'MB' | 'CPU s' | 'a second' | 'count';
  measured: number;
  baseline?: { what: string; value: number };
  /** Of the ratio, or without a baseline of what was measured. */
  goal?: { atMost: number } | { atLeast: number };
  note?: string;
  /** Where the row belongs in the part's chart. */
  plot?: Plot;
}

export function ratioOf({ measured, baseline }: Row): number | undefined {
  return baseline && measured / baseline.value;
}

/** @returns undefined without a goal */
export function meetsGoal(row: Row): boolean | undefined {
  if (!row.goal) return undefined;
  const value = ratioOf(row) ?? row.measured;
  return 'atMost' in row.goal ? value <= row.goal.atMost : value >= row.goal.atLeast;
}
