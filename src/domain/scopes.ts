/** What a machine may do. An operator grants scopes in MACHINE_SCOPES; a token can only narrow them. */
export const SCOPES = [
  'conversions:publish',
  'conversions:read',
  'conversions:operate',
  'conversions:adjust',
  'users:write',
] as const;

export type Scope = (typeof SCOPES)[number];
