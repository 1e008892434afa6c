// Sends prepared requests over a few kept-alive connections, one at a time on each, and counts the answers. Raw sockets,
// because a client library takes longer for a request than the servers under measurement do.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

process.on('message', ({ id, port, requestFile, connections }) => {
  run({ requests: readRequests(requestFile), port, connections }).then(
    (result) => process.send({ id, result }),
    (error) => process.send({ id, error: String(error) }),
  );
});
process.on('disconnect', () => process.exit());
process.send({ ready: true });

/** Length-prefixed: four bytes big-endian, then the request. */
function readRequests(file) {
  const bytes = readFileSync(file);
  const requests = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    requests.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return requests;
}

async function run({ requests, port, connections }) {
  const state = { next: 0, requests, statuses: {}, bytes: 0 };
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)));
  const startedMs = performance.now();
  await Promise.all(sockets.map((socket) => drive(socket, state)));
  const seconds = (performance.now() - startedMs) / 1000;
  for (const socket of sockets) socket.destroy();
  return { seconds, requests: requests.length, statuses: state.statuses, bytes: state.bytes };
}

function open(port) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => resolve(socket));
    socket.once('error', reject);
  });
}

function drive(socket, state) {
  return new Promise((resolve, reject) => {
    let missing = 0;
    const sendNext = () => {
      const request = state.requests[state.next];
      if (request === undefined) return resolve();
      state.next += 1;
      socket.write(request);
    };
    socket.on('data', (chunk) => {
      state.bytes += chunk.length;
      if (missing === 0) missing = beginAnswer(chunk, state);
      else missing -= chunk.length;
      if (missing === 0) sendNext();
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the server closed a connection')));
    sendNext();
  });
}

/** Bytes of the answer that are still to come after its first chunk. */
function beginAnswer(chunk, state) {
  const end = chunk.indexOf('\r\n\r\n');
  const head = chunk.latin1Slice(0, end);
  const status = head.slice(9, 12);
  state.statuses[status] = (state.statuses[status] ?? 0) + 1;
  const length = /\r\ncontent-length: (\d+)/i.exec(head);
  if (end < 0 || length === null) throw new Error(`an answer without Content-Length: ${head.slice(0, 200)}`);
  return end + 4 + Number(length[1]) - chunk.length;
}
