import { Context } from '@temporalio/activity';
import type { Conversion } from '../src/domain/conversion.js';
import type { Progress } from '../src/domain/next-step.js';
import type { ListedAction } from '../src/impact/list-actions.js';
import { findConversion } from '../src/ledger/find-conversion.js';
import { markConfirmed } from '../src/ledger/settle-submission.js';
import type { ActivityDeps } from './deps.js';
import { askImpact } from './impact-failure.js';
import { orderOf } from './to-report.js';
import { progressAfter } from './wake-children.js';

/** Three within the `heartbeatTimeout` of LOOKING_UP. */
const HEARTBEAT_MS = 10_000;

export type FoundOrder = { found: true; progress: Progress } | { found: false; lookedUpAt: string };

/** After an ambiguous outcome: looks the order up at Impact. An order that is there confirms the conversion. */
export async function findOrder(deps: ActivityDeps, conversionId: string): Promise<FoundOrder> {
  const conversion = await findConversion(deps.db, conversionId);
  const lookedUpAt = new Date();
  const action = await findActionOf(deps, conversion, lookedUpAt);
  if (!action) return { found: false, lookedUpAt: lookedUpAt.toISOString() };
  const detail = `Impact has it as action ${action.actionId}.`;
  const confirmed = await markConfirmed(deps, conversionId, detail);
  return { found: true, progress: await progressAfter(deps, confirmed) };
}

/** The Action of a conversion at Impact, if Impact has one. It may take minutes, and the heartbeat says that the worker lives. */
export async function findActionOf(
  { programme, impact }: Pick<ActivityDeps, 'programme' | 'impact'>,
  conversion: Conversion,
  now: Date,
): Promise<ListedAction | null> {
  const context = Context.current();
  const beating = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
  try {
    return await askImpact(impact, (client) => client.findAction(orderOf(programme, conversion, now)));
  } finally {
    clearInterval(beating);
  }
}
