import type { AddressInfo } from 'node:net';
import { createBalancer } from '../../cli/local/balancer/server.ts';
import { type ServiceDefinition, serviceRegistry } from '../../server/services/index.ts';
import { createDemonstrationPlaces } from './demonstration-places.ts';
import { InMemoryConfiguration } from './in-memory-configuration.ts';
import { sampleService } from './sample-service.ts';
import { adminAuthorization, openTestGateway } from './test-gateway.ts';

/** Two nodes with every service, and those of `others`, behind the balancer of one machine, whose `origin` it is. */
export async function openTestCluster(others: readonly ServiceDefinition[] = []) {
  const services: readonly ServiceDefinition[] = [sampleService, ...serviceRegistry];
  const configuration = new InMemoryConfiguration();
  const options = { services: [...services, ...others], configuration, database: createDemonstrationPlaces() };
  const nodes = [await openTestGateway(options), await openTestGateway(options)];
  const balancer = createBalancer(() => undefined);
  await new Promise<void>((resolve) => balancer.server.listen(0, '127.0.0.1', resolve));
  balancer.table.replace(
    nodes.map(({ server }, index) => {
      const { port } = server.server.address() as AddressInfo;
      return { name: `node-${index + 1}`, host: '127.0.0.1', port };
    }),
  );
  await until(() => balancer.table.nodes.every(({ state }) => state === 'ready'));
  const origin = `http://127.0.0.1:${(balancer.server.address() as AddressInfo).port}`;
  return {
    origin,
    /** The usual ones, without `others`. */
    services,
    configuration,
    authorization: adminAuthorization,
    async close() {
      balancer.server.closeAllConnections();
      await balancer.drain();
      for (const node of nodes) await node.close();
    },
  };
}

export type TestCluster = Awaited<ReturnType<typeof openTestCluster>>;

async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !isTrue(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 10));
  if (!isTrue()) throw new Error('the nodes were not ready in time');
}
