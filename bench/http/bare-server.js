// What Node's own server does with the same bytes: the most that any gateway on it can reach.
//   GET  → JSON.stringify of one answer
//   POST → JSON.parse of the request, JSON.stringify of one answer to a hundred rows
// The answers come by IPC and are padded to the size of the real ones, as JSON.stringify writes them tighter.
import { createServer } from 'node:http';

process.once('message', ({ oneRow, manyRows }) => {
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      send(response, oneRow);
      return;
    }
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      JSON.parse(Buffer.concat(chunks).toString());
      send(response, manyRows);
    });
  });
  server.listen(0, '127.0.0.1', () => process.send({ ready: true, port: server.address().port }));
});

process.on('disconnect', () => process.exit());

function send(response, answer) {
  const body = Buffer.from(JSON.stringify(answer));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}
