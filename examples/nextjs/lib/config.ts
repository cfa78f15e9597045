/** An environment variable that `npm run example` sets for this site. */
export function variable(name: 'API_URL' | 'ISSUER_URL' | 'ISSUER_KEY_FILE'): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set. Start this site with npm run example.`);
  return value;
}
