import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HELD_REASONS } from '../../src/sources/stripe/kept-object.model.js';
import { EVENT_TYPES } from '../../src/sources/stripe/receive-event.js';
import { readProjectFile } from '../deployment/project-files.js';
import { type Stack, startStack } from '../support/stack.js';
import { ENDPOINT_SECRET } from '../support/stripe-source.js';
import { runScript } from './run-script.js';

const page = await readProjectFile('docs/stripe.md');

/** The first column of the table below a heading. */
function namesBelow(heading: string): string[] {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  const [own = ''] = section.split('\n## ');
  return [...own.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name = '']) => name);
}

const blockOf = (language: string) =>
  page.match(new RegExp(`\n\`\`\`${language}\n([\\s\\S]*?)\n\`\`\``))?.[1] ?? '';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false, stripe: {} });
});
afterAll(() => stack.stop());

describe('docs/stripe.md', () => {
  it('has the events that the service reads, and no other', () => {
    expect(namesBelow('Which events')).toEqual(EVENT_TYPES);
  });

  it('has each reason for which something is held', () => {
    expect(namesBelow('What is held')).toEqual(Object.keys(HELD_REASONS));
  });

  it('shows an event that a reader can sign, and its answer', async () => {
    const script = blockOf('sh').replace('http://127.0.0.1:3000', stack.apiUrl);
    const { exitCode, stdout } = await runScript(script, { STRIPE_WEBHOOK_SECRET: ENDPOINT_SECRET });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual(JSON.parse(blockOf('json')));
  });
});
