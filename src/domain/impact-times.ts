/** An Action takes up to half an hour to appear. https://integrations.impact.com/integration-guides/end-to-end-tests */
export const PROCESSING_MS = 30 * 60_000;
