// One line in, one line out: does what a case says so many times and answers with the processor time of this process,
// the threads of its pool included. Keys are imported once per case.

import { createInterface } from "node:readline";
import * as jose from "jose";

const prepared = new Map();

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  const { times, ...what } = message;
  const key = JSON.stringify(what);
  let work = prepared.get(key);
  if (!work) prepared.set(key, (work = await prepare(what)));
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) await work();
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(JSON.stringify({ micros: user + system }) + "\n");
}

async function prepare({ kind, alg, jwk, claims, token, issuer, audience, typ, plaintext }) {
  const key = await jose.importJWK(JSON.parse(jwk), alg);
  switch (kind) {
    case "sign":
      return () => new jose.SignJWT(claims).setProtectedHeader({ alg, typ }).sign(key);
    case "verify":
      return () => jose.jwtVerify(token, key, { issuer, audience, typ, algorithms: [alg] });
    case "encrypt": {
      const bytes = new TextEncoder().encode(plaintext);
      return () => new jose.CompactEncrypt(bytes).setProtectedHeader({ alg, enc: "A256GCM" }).encrypt(key);
    }
    case "decrypt":
      return () => jose.compactDecrypt(token, key);
    default:
      throw new Error(`unknown kind ${kind}`);
  }
}
