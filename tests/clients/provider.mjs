// A provider of one's own for a test: started from VESTIBULE_BIN in a temporary directory, on a port it picks itself,
// filled through its command line, and ended by its process id whatever becomes of the test.
import { spawn, execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/** The binary under test. */
export function binary() {
  const path = process.env.VESTIBULE_BIN;
  if (!path) throw new Error('VESTIBULE_BIN is not set; run these tests with `cargo xtask test`');
  return resolve(path);
}

/** Starts `vestibule serve`; `config` is added to its configuration file. */
export async function startProvider({ config = '', listen = '127.0.0.1:0' } = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'vestibule-clients-'));
  const file = join(dir, 'vestibule.toml');
  writeFileSync(file, `listen = "${listen}"\ndata_dir = "data"\n${config}`);
  const env = { PATH: process.env.PATH, HOME: dir, VESTIBULE_CONFIG: file };
  const child = launch(binary(), ['serve'], { cwd: dir, env });
  const address = await child.line(/^listening on (http:\/\/\S+)/, 20_000);
  const issuer = await issuerOf(address[1]);

  const cli = (args, input = '') => run(binary(), args, { cwd: dir, env }, input);
  return {
    issuer,
    /** Where it listens, whatever its issuer is called. */
    address: address[1],
    cli,
    log: child.log,
    async addUser(email, password, ...more) {
      await cli(['user', 'add', email, '--password-stdin', '--verified', ...more], `${password}\n`);
      return { username: email, password };
    },
    /** Gives back the registration in the names of RFC 7591. */
    async addClient(name, ...args) {
      return JSON.parse(await cli(['client', 'add', name, ...args, '--json']));
    },
    async stop() {
      await child.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Starts a program whose standard output is waited upon line by line. */
export function launch(program, args, options, input = '') {
  const process = spawn(program, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  process.stdin.on('error', () => {});
  process.stdin.end(input);
  running.add(process);
  const out = [];
  const err = [];
  const waiting = new Set();
  createInterface({ input: process.stdout }).on('line', (line) => {
    out.push(line);
    waiting.forEach((look) => look());
  });
  createInterface({ input: process.stderr }).on('line', (line) => err.push(line));
  const ended = new Promise((done) => {
    process.on('error', (error) => err.push(String(error)));
    process.on('close', done);
  }).finally(() => running.delete(process));
  const log = () => [...out, ...err.slice(-40)].join('\n');
  return {
    pid: process.pid,
    log,
    /** The first line of standard output that matches. */
    line(pattern, ms) {
      return new Promise((found, failed) => {
        const settle = (act, value) => {
          clearTimeout(timer);
          waiting.delete(look);
          act(value);
        };
        const fail = (why) => settle(failed, new Error(`${program} ${args[0]}: ${why}\n${log()}`));
        const look = () => {
          const match = out.map((line) => pattern.exec(line)).find(Boolean);
          if (match) settle(found, match);
        };
        const timer = setTimeout(() => fail(`printed no ${pattern} within ${ms} ms`), ms);
        waiting.add(look);
        ended.then(() => fail('ended before it was ready'));
        look();
      });
    },
    /** SIGTERM, and SIGKILL when that is not heard. */
    async stop() {
      process.kill('SIGTERM');
      const timer = setTimeout(() => process.kill('SIGKILL'), 12_000);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Runs a command to its end; gives back its standard output. */
export function run(program, args, options, input = '') {
  return new Promise((done, failed) => {
    const child = execFile(program, args, { ...options, timeout: 20_000 }, (error, out, err) =>
      error ? failed(new Error(`vestibule ${args.join(' ')}: ${error.message}\n${err}`)) : done(out),
    );
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** The issuer is what discovery says, not the address: an unset public URL may follow as a name. */
async function issuerOf(address) {
  const answer = await fetch(`${address}/.well-known/openid-configuration`, { signal: AbortSignal.timeout(10_000) });
  return (await answer.json()).issuer;
}
