import type { Conversion } from '../src/domain/conversion.js';
import type { AskingTimes } from '../src/domain/impact-times.js';
import type { FollowOptions } from '../src/domain/next-step.js';
import type { Programme } from '../src/domain/programme/programme.js';
import type { ImpactClient } from '../src/impact/client.js';
import type { Ledger } from '../src/ledger/transition.js';

/** What the activities of a conversion use. */
export interface ActivityDeps extends FollowOptions {
  db: Ledger['db'];
  metrics?: NonNullable<Ledger['metrics']>;
  programme: Programme;
  /** `null`: the worker has no Impact credentials. */
  impact: ImpactClient | null;
  /** When to look up an order that may have arrived; `afterMs` is how long Impact may take until it has an Action. */
  lookUp: AskingTimes;
  /** Tells the workflow of a conversion that the ledger has something new. */
  wake(conversion: Conversion): Promise<unknown>;
}
