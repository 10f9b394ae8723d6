// Small servers for pages of others.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';

const BRIDGE = readFileSync(new URL('../../sdk/bridge/vestibule-bridge.js', import.meta.url));

/** A server at a name of its own, with the bridge for its pages. */
export async function serve(name, listener) {
  const server = createServer((request, answer) => {
    if (request.url === '/vestibule-bridge.js') return answer.setHeader('content-type', 'text/javascript').end(BRIDGE);
    Promise.resolve(listener(request, answer)).catch((error) => answer.writeHead(500).end(error.message));
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const origin = `http://${name}.localhost:${server.address().port}`;
  return { origin, stop: () => new Promise((done) => server.close(done) && server.closeAllConnections()) };
}

export function html(answer, title, body) {
  answer.setHeader('content-type', 'text/html; charset=utf-8');
  answer.end(`<!doctype html><html lang="en"><link rel="icon" href="data:,"><title>${title}</title><body>${body}`);
}

export function json(answer, value) {
  answer.setHeader('content-type', 'application/json').end(JSON.stringify(value));
}

export async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}
