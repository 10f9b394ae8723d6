// What clients lay out for the provider to fetch: documents at names of this machine, by a server that counts who asks.
import { createServer } from 'node:http';

/** Starts it. A document is a value, which is sent as JSON, or a function that answers by itself. */
export async function startDocuments() {
  const documents = new Map();
  const asked = [];
  const server = createServer((request, answer) => {
    const { pathname } = new URL(request.url, 'http://documents');
    asked.push(pathname);
    const document = documents.get(pathname);
    if (document === undefined) return answer.writeHead(404).end();
    if (typeof document === 'function') return document(request, answer);
    answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const { port } = server.address();
  return {
    port,
    lay: (path, document) => documents.set(path, document),
    /** The address of a path at one of this machine's names. */
    at: (name, path) => `http://${name}.localhost:${port}${path}`,
    /** How often it was asked for. */
    count: (path) => asked.filter((one) => one === path).length,
    stop: () => new Promise((done) => server.close(done) && server.closeAllConnections()),
  };
}

/** Answers without an end; `left` comes once whoever asked has gone. */
export function endless() {
  let gone;
  const left = new Promise((done) => (gone = done));
  const chunk = Buffer.alloc(64 * 1024, ' ');
  const document = (_, answer) => {
    answer.on('close', gone).on('error', () => {});
    answer.writeHead(200, { 'content-type': 'application/json' });
    const fill = () => {
      while (!answer.destroyed && answer.write(chunk));
    };
    answer.on('drain', fill);
    fill();
  };
  return { document, left };
}

/** Takes the request and says nothing; `came` is once it was asked, `left` once whoever asked has gone. */
export function silent() {
  let arrived, gone;
  const came = new Promise((done) => (arrived = done));
  const left = new Promise((done) => (gone = done));
  const document = (_, answer) => {
    answer.on('close', gone);
    arrived();
  };
  return { document, came, left };
}

/** Begins an answer and goes on with it blank by blank. */
export function dripping() {
  let gone;
  const left = new Promise((done) => (gone = done));
  const document = (_, answer) => {
    answer.writeHead(200, { 'content-type': 'application/json' });
    const drops = setInterval(() => answer.write(' '), 50);
    answer.on('close', () => gone(clearInterval(drops))).on('error', () => {});
  };
  return { document, left };
}

/** Leads elsewhere. */
export const moved = (to) => (_, answer) => answer.writeHead(302, { location: to }).end();
