import { get } from 'node:http';
import { containerPorts } from '../../contract/container.ts';
import { environment } from '../../contract/environment.ts';
import { healthLimits, healthPaths } from '../../contract/health.ts';

// Asks this container's own health port for the path given as argument; exits 0 only for an answer of 200.
const request = get(
  {
    host: '127.0.0.1',
    port: Number(process.env[environment.healthPort] ?? containerPorts.health),
    path: process.argv[2] ?? healthPaths.live,
    timeout: healthLimits.timeoutMs,
  },
  (response) => {
    response.resume();
    process.exitCode = response.statusCode === 200 ? 0 : 1;
  },
);
request.on('timeout', () => request.destroy(new Error('no answer in time')));
request.on('error', () => {
  process.exitCode = 1;
});
