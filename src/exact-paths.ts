import express, { type Express, type RequestHandler, Router } from 'express';

/** Paths match exactly: `/V1/me` and `/v1/me/` are other paths, and a proxy's rules for `/v1/me` do not cover them. */
export function exactApp(): Express {
  return express().disable('x-powered-by').enable('case sensitive routing').enable('strict routing');
}

export function exactRouter(): Router {
  return Router({ caseSensitive: true, strict: true });
}

export class MethodNotAllowed extends Error {
  override readonly name = 'MethodNotAllowed';
  readonly status = 405;
}

/**
 * The last handler of a path: answers OPTIONS, and refuses every method that the path does not have.
 * https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6
 */
export function onlyMethods(...methods: readonly string[]): RequestHandler {
  const allow = [...methods, 'OPTIONS'].join(', ');
  return ({ method }, response) => {
    response.set('Allow', allow);
    if (method !== 'OPTIONS') throw new MethodNotAllowed(`This path has no ${method}. It has ${allow}.`);
    response.status(204).end();
  };
}
