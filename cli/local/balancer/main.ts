import type { AddressInfo } from 'node:net';
import { isNodesMessage } from '../messages.ts';
import { createBalancer } from './server.ts';

const balancer = createBalancer(() => send(balancer.table.status()));

process.on('message', (message) => {
  if (isNodesMessage(message)) balancer.table.replace(message.nodes);
});
process.on('disconnect', () => process.exit(1));
process.once('SIGTERM', () => void balancer.drain().then(() => process.exit(0)));

balancer.server.once('error', (error: NodeJS.ErrnoException) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
balancer.server.listen(
  {
    host: process.env.SPECTRUM_BALANCER_HOST ?? '127.0.0.1',
    port: Number(process.env.SPECTRUM_BALANCER_PORT ?? 0),
  },
  () => send({ ready: true, port: (balancer.server.address() as AddressInfo).port }),
);

function send(message: object): void {
  if (process.connected) process.send?.(message, () => undefined);
}
