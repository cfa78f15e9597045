import type { EventType } from '../define-type.js';
import { lead } from './lead.js';
import { sale } from './sale.js';

export type EventTypes = Readonly<Record<string, EventType>>;

/** One row per type. A new type is one file beside this one and one row here. */
export const TYPES: EventTypes = { lead, sale };
