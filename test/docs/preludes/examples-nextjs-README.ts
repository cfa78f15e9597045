import type { Click } from 'affiliate-capture/react';

/** What the page takes from the example site. */
export declare const CONSENT_COOKIE: string;
export declare function setAffiliateAttribution(click: Click): Promise<void>;
