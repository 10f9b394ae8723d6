// Real proxies with the samples that are shipped, of which only names, ports and certificates are changed.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch } from '../clients/provider.mjs';
import { STATIC } from './wiki.mjs';

/** nginx: a no is a 401 with the way to the sign-in, of which the sample makes a 302. */
export const nginx = {
  name: 'nginx',
  leads: 302,
  // Of a request's fields the sample passes the cookies alone on.
  takesMany: true,
  knowsNoSuchHost: /^HTTP\/1\.[01] 403 /,
  start: (stage) => started('nginx', stage, async (dir) => {
    const file = join(dir, 'nginx.conf');
    writeFileSync(file, nginxFile(stage, dir));
    const args = ['-c', file, '-p', dir, '-e', join(dir, 'error.log')];
    return launch(process.env.NGINX ?? 'nginx', args, { cwd: dir, env: { PATH: process.env.PATH } });
  }),
};

/** Caddy: our own redirect goes to the browser, and a host that it does not serve is answered by nothing. */
export const caddy = {
  name: 'Caddy',
  leads: 303,
  knowsNoSuchHost: /^HTTP\/1\.[01] (403|400|200) /,
  start: (stage) => started('caddy', stage, async (dir) => {
    const file = join(dir, 'Caddyfile');
    writeFileSync(file, caddyFile(stage, dir));
    // What it keeps lies there, too.
    const env = { PATH: process.env.PATH, HOME: dir, XDG_DATA_HOME: dir, XDG_CONFIG_HOME: dir };
    return launch(process.env.CADDY ?? 'caddy', ['run', '--config', file, '--adapter', 'caddyfile'], { cwd: dir, env });
  }),
};

/** Traefik: our own redirect goes to the browser; what of an address may be read in two ways it refuses itself. */
export const traefik = {
  name: 'Traefik',
  leads: 303,
  knowsNoSuchHost: /^HTTP\/1\.[01] (400|403|404) /,
  start: (stage) => started('traefik', stage, async (dir) => {
    const file = join(dir, 'static.yml');
    writeFileSync(join(dir, 'traefik.yml'), traefikFile(stage));
    // What the sample takes for granted: an entry point of this name, and that it is read.
    const entry = `entryPoints:\n  websecure:\n    address: 127.0.0.1:${stage.port}\nproviders:\n  file:\n    filename: ${dir}/traefik.yml\n`;
    writeFileSync(file, `${entry}global:\n  checkNewVersion: false\n  sendAnonymousUsage: false\nlog:\n  level: WARN\n`);
    return launch(process.env.TRAEFIK ?? 'traefik', [`--configFile=${file}`], { cwd: dir, env: { PATH: process.env.PATH, HOME: dir } });
  }),
};

function traefikFile({ name, provider, behind }) {
  return sample('traefik.yml', [
    ['      tls: {}\n', ''],
    ['wiki.example.com', name],
    ['127.0.0.1:8080', `127.0.0.1:${provider}`],
    ['127.0.0.1:3000', `127.0.0.1:${behind}`],
  ]);
}

function nginxFile({ site, name, port, provider, behind }, dir) {
  const changed = sample('nginx.conf', [
    ['listen 443 ssl;', `listen 127.0.0.1:${port};`],
    [/^ *ssl_certificate.*\n/gm, ''],
    ['https://wiki.example.com$request_uri', `${site}$request_uri`],
    [/wiki\.example\.com/g, name],
    ['127.0.0.1:8080', `127.0.0.1:${provider}`],
    ['127.0.0.1:3000', `127.0.0.1:${behind}`],
  ]);
  // The same site serves files, too, behind the same question.
  const location = /    location \/ \{[^]*?\n    \}\n/.exec(changed)[0];
  const files = location
    .replace('location / {', 'location /static/ {')
    .replace(/^ *proxy_(pass|set_header).*\n/gm, '')
    .replace(/\}\n$/, `    root ${dir}/html;\n    }\n`);
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${dir}/${name};`).join(' ');
  const http = `types { text/html html; } access_log off; ${temp}\n${changed.replace(location, location + files)}`;
  return `daemon off; worker_processes 1; pid ${dir}/pid; error_log ${dir}/error.log;\nevents {}\nhttp {\n${http}\n}\n`;
}

function caddyFile({ site, provider, behind }, dir) {
  const files = `@files path /static/*\n\t\troot @files ${dir}/html\n\t\tfile_server @files\n\n\t\t`;
  const changed = sample('Caddyfile', [
    ['wiki.example.com {', `${site} {\n\tbind 127.0.0.1`],
    // By plain http the cookie has no prefix.
    ['__Secure-vestibule-site', 'vestibule-site'],
    ['127.0.0.1:8080', `127.0.0.1:${provider}`],
    ['reverse_proxy 127.0.0.1:3000', `${files}reverse_proxy 127.0.0.1:${behind}`],
  ]);
  return `{\n\tadmin off\n\tauto_https off\n}\n${changed}`;
}

/** A sample with these changes, each of which must be one. */
function sample(name, changes) {
  const text = readFileSync(new URL(`../../docs/samples/${name}`, import.meta.url), 'utf8');
  return changes.reduce((text, [from, to]) => {
    assert.notEqual(text.replace(from, to), text, `the sample has no ${from}`);
    return text.replace(from, () => to);
  }, text);
}

/** A proxy that listens, in a folder of its own with a static page. */
async function started(name, { port }, launched) {
  const dir = mkdtempSync(join(tmpdir(), `vestibule-${name}-`));
  // nginx reads what it serves as a user of its own.
  chmodSync(dir, 0o755);
  mkdirSync(join(dir, 'html/static'), { recursive: true });
  writeFileSync(join(dir, 'html/static/index.html'), STATIC);
  const child = await launched(dir);
  const stop = async () => {
    await child.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  for (const end = Date.now() + 10_000; ; await new Promise((next) => setTimeout(next, 50))) {
    const open = await new Promise((done) => {
      const socket = connect(port, '127.0.0.1', () => done(true));
      socket.on('error', () => done(false)).on('connect', () => socket.end());
    });
    if (open) return { stop };
    if (Date.now() < end) continue;
    await stop();
    throw new Error(`${name} does not listen:\n${child.log()}`);
  }
}
