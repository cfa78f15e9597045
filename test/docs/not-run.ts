import type { Block } from './pages.js';
import { RUNBOOK } from './runbook.js';

/**
 * The ```sh blocks that no test runs as they stand, and why; `operations.test.ts` runs every other one, so a new block
 * needs nothing here if it works beside `npm start`. And all ```js blocks, which are for mongosh.
 */
export const NOT_RUN: readonly { page: string; begins: string; because: string }[] = [
  ...ofPage('README.md', {
    'npm ci && npm run demo': 'these run everything: test/dev/demo.test.ts runs the demo',
    'docker compose --profile sandbox up': 'needs a Docker engine: see test/deployment/compose.test.ts',
  }),
  ...ofPage('capture/README.md', { 'npm install affiliate-capture': 'the package is not published' }),
  ...ofPage('client/README.md', {
    'npm install affiliate-client': 'the package is not published',
    'npx openapi-typescript': 'test/client/own-types.test.ts runs it',
  }),
  ...ofPage('docs/backup.md', {
    'docker compose exec -T mongodb sh': 'needs a Docker engine',
    'docker compose stop api worker mongodb': 'needs a Docker engine',
    'for database in temporal temporal_visibility; do\n  docker': 'needs a Docker engine',
    'docker compose stop worker temporal': 'needs a Docker engine',
    'docker compose up --detach --wait temporal': 'needs a Docker engine',
    'export SQL_PLUGIN=postgres12':
      'needs PostgreSQL and temporal-sql-tool: bench/support/temporal-postgres.ts runs it',
  }),
  ...ofPage('docs/deployment.md', { 'docker compose --profile sandbox up': 'needs a Docker engine' }),
  ...ofPage('docs/development.md', {
    'npm start': 'test/dev/start.test.ts starts the stack',
    'npm run check': 'this is how the project is checked, of which this test is a part',
  }),
  ...ofPage('docs/docker-compose.md', {
    'docker compose --profile sandbox up': 'needs a Docker engine: see test/deployment/compose.test.ts',
    'token() {': 'needs a Docker engine: test/dev/token.test.ts makes the tokens',
    'docker compose run':
      'needs a Docker engine: test/deployment/compose-programme.test.ts runs the command without',
  }),
  ...ofPage('docs/performance.md', { 'npm run bench': 'takes 40 minutes' }),
  ...ofPage('docs/privacy.md', {
    'curl -sS --fail-with-body -X DELETE': 'test/api/routes/delete-user.test.ts runs it',
  }),
  ...ofPage('docs/programme.md', { 'npm start': 'test/dev/start.test.ts starts the stack with a programme' }),
  ...ofPage('docs/reliability.md', {
    'npm run chaos': 'takes minutes: .ci/run runs a short one',
    'npm run week': 'takes minutes: test/monitoring/week.test.ts has its rules',
  }),
  ...ofPage('docs/stripe.md', {
    'time=$(date': 'needs the secret of the endpoint: test/docs/stripe.test.ts runs it',
    'db.stripe_objects.find': 'needs mongosh',
  }),
  ...ofPage('docs/temporal-cloud.md', {
    'temporal cloud': 'needs an account at Temporal Cloud',
    'tcld namespace':
      'needs an account at Temporal Cloud: test/docs/deployment.test.ts compares it with the code',
  }),
  ...ofPage('docs/walkthrough.md', {
    'npm run walkthrough': 'test/walkthrough/incident.test.ts is this command',
    'curl -s "$IMPACT': 'test/walkthrough/incident.test.ts does the same',
  }),
  ...ofPage('examples/kubernetes/README.md', {
    'docker build': 'needs a Docker engine',
    'kubectl create':
      'needs a cluster: test/deployment/kubernetes.test.ts compares the secrets with the manifests',
    'kubectl apply': 'needs a cluster',
  }),
  ...ofPage('examples/nextjs/README.md', {
    'npm start': 'test/browser/signup.test.ts signs up on this site',
  }),
];

function ofPage(page: string, reasons: Record<string, string>) {
  return Object.entries(reasons).map(([begins, because]) => ({ page, begins, because }));
}

export const reasonNotToRun = ({ page, text }: Block) =>
  NOT_RUN.find((row) => row.page === page && text.startsWith(row.begins))?.because;

/** The ```sh blocks that are run, each beside the others of its page; the runbook has its own scenarios. */
export function runBlocks(blocks: readonly Block[]): Block[] {
  const shell = blocks.filter(({ language, page }) => language === 'sh' && page !== RUNBOOK);
  return shell.filter((block) => reasonNotToRun(block) === undefined);
}
