import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { startChild, untilReady } from '../../dev/child.js';
import { freePort, isListening } from '../../dev/ports.js';
import { missingPackages, type Peer, pathOf } from './peer.js';

/**
 * SQS delivers a message again if sqs-consumer does not delete it in time. It has no rate limit, no lookup of the order
 * before a second POST, and no history. The producer does not write the message and the user in one transaction. ElasticMQ
 * stands in for SQS. It keeps its messages in memory alone and on this machine, so SQS itself is slower and more durable.
 */
export const sqs: Peer = {
  name: 'sqs-consumer + ElasticMQ, in memory',
  files: 'sqs',
  missing() {
    const installed = existsSync(JARS)
      ? undefined
      : `mvn -q -f bench/peers/pom.xml dependency:copy-dependencies`;
    const runs = spawnSync('java', ['-version']).status === 0;
    return missingPackages() ?? installed ?? (runs ? undefined : 'java');
  },
  async startBroker() {
    const port = await freePort();
    const properties = {
      'rest-sqs.bind-hostname': '127.0.0.1',
      'rest-sqs.bind-port': port,
      'node-address.host': '127.0.0.1',
      'node-address.port': port,
      'rest-stats.enabled': false,
    };
    const child = await startChild({
      name: 'ElasticMQ',
      command: 'java',
      args: [
        ...Object.entries(properties).map(([name, value]) => `-D${name}=${value}`),
        ...['-cp', `${JARS}/*`, 'org.elasticmq.server.Main'],
      ],
      env: { PATH: process.env.PATH },
    });
    await untilReady(child, () => isListening(port));
    return { port, child, stop: () => child.stop() };
  },
};

const JARS = pathOf('target/dependency');
