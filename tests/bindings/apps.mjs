// Apps on the generated code, each in a process of its own; and what stands around them.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { walk } from '../clients/browser.mjs';

/** The command that starts an app, for each language. */
export const APPS = JSON.parse(process.env.VESTIBULE_BINDINGS);
const [PYTHON] = APPS.python;

/** A maker of phones, in a folder of its own: `root` makes its certificate, `attest` says what it says of a key. */
export const maker = (folder, word) => [PYTHON, join(import.meta.dirname, 'maker.py'), word, folder];

export const part = (token, at) => JSON.parse(Buffer.from(token.split('.')[at], 'base64url'));
export const claims = (authorization) => part(authorization.split(' ')[1], 1);

const running = new Set();

/** Ends those that a test left behind when it failed: nothing may hang. */
export const stopApps = () => Promise.all([...running].map((app) => app.stop()));

/**
 * Starts apps of a provider. `ask` says what to do and gives the answer; `opened` counts how often an app opened the browser, where
 * the person follows.
 */
export function phone({ provider, browser, user, folder }) {
  return { start: (command, told) => start({ provider, browser, user, folder }, command, told) };
}

function start({ provider, browser, user, folder }, command, told) {
  const [program, ...args] = command;
  const env = { ...process.env, VESTIBULE_MAKER: JSON.stringify(maker(folder, 'attest')) };
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'], env });
  const waiting = [];
  const app = { ask, stop, opened: 0 };
  let ended = false;
  running.add(app);
  child.on('close', () => {
    ended = true;
    running.delete(app);
    waiting.forEach(({ failed }) => failed(new Error(`${program} ended`)));
  });
  createInterface({ input: child.stdout }).on('line', async (line) => {
    const said = JSON.parse(line);
    if (!said.open) return waiting.shift()?.done(said);
    app.opened += 1;
    const answer = await fetch((await walk(browser, said.open, user)).left);
    assert.equal(answer.status, 200);
  });
  const write = (value) => child.stdin.write(`${JSON.stringify(value)}\n`);
  write({ issuer: provider.issuer, ...told });
  function ask(word, more = {}) {
    return new Promise((done, failed) => {
      if (ended) return failed(new Error(`${program} ended`));
      waiting.push({ done, failed });
      write({ do: word, ...more });
    });
  }
  function stop() {
    return new Promise((done) => {
      if (ended) return done();
      child.on('close', done);
      child.stdin.end();
    });
  }
  return app;
}
