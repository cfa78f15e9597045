/** The parts of the API's answers that the page shows: /openapi.json has all of them. Times are ISO 8601. */

export interface Session {
  name: string;
  expiresAt: string;
}

export interface Summary {
  conversionId: string;
  campaignEventId: string;
  userId: string;
  status: string;
  reason?: string;
  outcome: string;
  parkedAdjustment?: { kind: string; parkReason?: string };
  orderId?: string;
  clickId?: string;
  occurredAt: string;
  updatedAt: string;
}

export interface Page {
  conversions: Summary[];
  nextCursor?: string;
}

export interface Found {
  foundBy: 'conversionId' | 'orderId' | 'clickId' | 'clerkId' | 'userId' | 'day' | null;
  clerkId?: string;
  conversions: Summary[];
  hasMore: boolean;
}

export interface Conversion {
  conversionId: string;
  workflowId: string;
  campaignEventId: string;
  userId: string;
  clerkId?: string;
  status: string;
  reason?: string;
  occurredAt: string;
  payload: Record<string, unknown>;
  attribution: { clickId: string; capturedAt: string } | null;
  why?: { code: string; text: string };
  window?: {
    capturedAt: string;
    occurredAt: string;
    windowDays: number | null;
    closesAt?: string;
    isInside: boolean;
  };
  request?: Record<string, string>;
  submission?: { state?: string; orderId: string; attempts: number; sentAt: string; queuedUri?: string };
  adjustments?: {
    kind: string;
    status: string;
    totalAmountCents?: number;
    requestedAt: string;
    detail?: string;
  }[];
  findings?: Finding[];
  explanation: { code: string; text: string; next?: string; outcome: string; advice?: string };
  timeline: { at: string; status: string; reason?: string; detail?: string }[];
}

export interface User {
  clerkId: string;
  userId: string;
  createdAt?: string;
  erasedAt?: string;
  clicks: { clickId: string; capturedAt: string; clickedAt?: string }[];
  hasForgottenClicks: boolean;
  conversions: {
    conversionId: string;
    status: string;
    reason?: string;
    occurredAt: string;
    clickId?: string;
    why: { code: string; text: string };
  }[];
}

export interface Counts {
  days: string[];
  groups: { status: string; reason?: string; outcome: string; count: number; perDay: number[] }[];
}

export interface Money {
  amount: string;
  currency: string;
}

export interface Finding {
  findingId: string;
  kind: string;
  orderId: string;
  conversionId?: string;
  state: 'open' | 'acknowledged' | 'closed';
  detail: string;
  outcome: string;
  advice?: string;
  firstSeenAt: string;
  amounts: { ledger?: Money; impact?: Money; difference?: Money };
  acknowledgements: { at: string; by: string; reason: string }[];
}

export interface Audit {
  auditId: string;
  from: string;
  to: string;
  at: string;
  counts: Record<string, number>;
  findingsByKind: Record<string, number>;
  money: { currency: string; ledger: string; impact: string; differences: Record<string, string> }[];
}
