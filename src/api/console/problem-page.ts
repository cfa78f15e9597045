import type { ErrorRequestHandler } from 'express';
import type { ConsoleConfig } from '../../config.js';
import { cut, printable } from '../../domain/foreign-text.js';
import { Problem } from '../problem.js';
import { PROVIDER_TIMES } from './provider.js';

/** For a person whose browser comes back from the provider: the problem in words, and the ways to go on. */
export function showProblems({ publicUrl }: ConsoleConfig): ErrorRequestHandler {
  return (error, _request, response, next) => {
    if (!(error instanceof Problem)) return next(error);
    response.locals.code = error.code;
    if (error.status === 503) response.set('Retry-After', String(PROVIDER_TIMES.retryMs / 1000));
    response
      .status(error.status)
      .type('html')
      .send(page(publicUrl, printable(cut(error.message))));
  };
}

function page(publicUrl: string, text: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Not signed in</title>
<link rel="stylesheet" href="/console/console.css">
<main>
<h1>You are not signed in</h1>
<p>${escapeHtml(text)}</p>
<p><a href="${publicUrl}/console/sign-in">Try again</a></p>
<p><a href="${publicUrl}/console/sign-in?as=another">Sign in as somebody else</a></p>
</main>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
