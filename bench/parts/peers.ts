import { createTemporalClient } from '../../src/temporal/client.js';
import type { Part } from '../part.js';
import { bullmq } from '../peers/bullmq.js';
import { type Peer, startPeer } from '../peers/peer.js';
import { sqs } from '../peers/sqs.js';
import { type Bench, compareLatency, compareLoad } from '../throughput/compare.js';
import type { Contender, StartedContender } from '../throughput/contender.js';
import { startFloor } from '../throughput/floor.js';
import { startBenchImpact } from '../throughput/impact.js';
import { startProduct } from '../throughput/product.js';
import { DEVELOPMENT_SERVER } from '../throughput/temporal-server.js';

const PEERS: readonly Peer[] = [bullmq, sqs];

/** The product and what people would use instead, beside the same floor as in the part `throughput`. */
export const peers: Part = {
  about: 'the same job by BullMQ, SQS and standalone activities: npm ci --prefix bench/peers',
  async run(report, { quick }) {
    const [impact, server] = await Promise.all([
      startBenchImpact(),
      DEVELOPMENT_SERVER.start((line) => report.progress(line)),
    ]);
    const bench: Bench = { quick, report, impact };
    const temporal = createTemporalClient({ connectionOptions: { address: server.address } });
    const floor = await startFloor(server, temporal, impact);
    const started = [await startProduct(server, temporal, impact), ...(await startPeers(bench))];
    await compare(bench, floor, [floor.standalone, ...started]);
    await Promise.all([floor, ...started].map((contender) => contender.stop()));
    await temporal.connection.close();
    await Promise.all([server.stop(), impact.stop()]);
  },
};

async function startPeers({ impact, report }: Bench): Promise<StartedContender[]> {
  const started: StartedContender[] = [];
  for (const peer of PEERS) {
    const missing = peer.missing();
    if (missing) report.skip(peer.name, `it needs ${missing}`);
    else started.push(await startPeer(peer, impact));
  }
  return started;
}

async function compare(bench: Bench, floor: Contender, others: readonly Contender[]): Promise<void> {
  for (const { contender, ...line } of await compareLatency(bench, floor, others))
    bench.report.row({ work: `time to the POST, idle: ${contender.name}`, unit: 'ms', ...line });
  for (const { contender, measured, baseline } of await compareLoad(bench, floor, others))
    bench.report.row({
      work: `50 in flight, Impact 20 ms: ${contender.name}`,
      unit: 'a second',
      measured: measured.perSecond,
      baseline: { what: 'floor', value: baseline.perSecond },
      note: `CPU seconds of 1,000: ${measured.cpuSplit}`,
    });
}
