/** The environment variables that `npm run example` sets for this site. */

export function apiUrl(): string {
  return variable('API_URL');
}

/** The issuer's key signs a session for any user. So the issuer must be the one of `npm start`, on this machine. */
export function localIssuer(): { url: string; keyFile: string } {
  const url = variable('ISSUER_URL');
  if (!/^http:\/\/127\.0\.0\.1:\d+$/.test(url)) {
    throw new Error(`This sign-in is for the development issuer on 127.0.0.1 only, not for ${url}`);
  }
  return { url, keyFile: variable('ISSUER_KEY_FILE') };
}

function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set. Start this site with npm run example.`);
  return value;
}
