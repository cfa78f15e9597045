/** What the site has of its own. */
export declare const apiUrl: string;
export declare const Authorization: string;
export declare const isSignedIn: boolean;
export declare function setAffiliateAttribution(click: { clickId: string; clickedAt: string }): Promise<void>;
