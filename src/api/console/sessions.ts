import type { Response } from 'express';
import type { ConsoleConfig } from '../../config.js';
import { Problem } from '../problem.js';
import { createCookie } from './cookie.js';
import { createSeal } from './seal.js';

/** An affiliate manager who is signed in to the console. */
export interface Manager {
  /** The provider's id of the person. */
  subject: string;
  name: string;
}

export type Sessions = ReturnType<typeof createSessions>;

const LIFETIME_SECONDS = 8 * 60 * 60;

/** Managers' sessions, each wholly in its cookie: every API process knows them, and none keeps them. */
export function createSessions(config: ConsoleConfig) {
  const cookie = createCookie('affiliate-console', config.publicUrl);
  const { seal, open } = createSeal(config, 'session');
  return {
    async begin(response: Response, { subject, name }: Manager): Promise<void> {
      cookie.set(response, await seal({ sub: subject, name }, LIFETIME_SECONDS), LIFETIME_SECONDS);
    },
    end: (response: Response) => cookie.clear(response),
    /**
     * @param header the request's `Cookie`
     * @returns nothing for a request without a session
     * @throws Problem `session_expired`
     */
    async find(header: string | undefined): Promise<(Manager & { expiresAt: Date }) | undefined> {
      const sealed = cookie.read(header);
      if (!sealed) return undefined;
      const { sub, name, exp } = (await open(sealed)) ?? {};
      if (typeof sub !== 'string' || typeof name !== 'string')
        throw new Problem('session_expired', 'The session of the console has ended. Sign in again.');
      return { subject: sub, name, expiresAt: new Date(Number(exp) * 1000) };
    },
  };
}
