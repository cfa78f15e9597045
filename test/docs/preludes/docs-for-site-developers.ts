/** The site's own: what its session has. */
export declare function sessionToken(): Promise<string>;
export declare function setAffiliateAttribution(click: { clickId: string; clickedAt: string }): Promise<void>;
