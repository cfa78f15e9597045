/** Impact refuses the next request for an order: its conversion is parked, `impact_refused`. */
export const REFUSAL = {
  kind: 'status',
  status: 400,
  body: {
    Status: 'ERROR',
    Message: 'Validation Failed',
    Errors: [{ Field: 'ClickId', Message: 'Unknown' }],
  },
} as const;
