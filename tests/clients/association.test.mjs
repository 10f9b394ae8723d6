// The files by which phones learn which apps may open whose links (Digital Asset Links; Apple's universal links), as a phone's
// system asks for them through the release binary.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startProvider } from './provider.mjs';
import { until } from './waiting.mjs';

const FINGERPRINT = '14:6D:E9:83:C5:73:06:50:D8:EE:B9:95:2F:34:FC:64:16:A0:83:42:E6:1D:BE:A8:8A:04:96:B2:3F:CF:44:E5';
const ANDROID = { package_name: 'com.bank.app', sha256_cert_fingerprints: [FINGERPRINT] };
let provider;

before(async () => (provider = await startProvider()));
after(() => provider?.stop());

test('each says what the registrations do, at once, as JSON and without a redirect', async () => {
  assert.deepEqual(await files(), { android: [], apple: [] }, 'of no app');
  await host('bank', { vestibule_apple_apps: ['ABCDE12345.com.bank.app', 'ABCDE12345.com.bank.app.beta'], vestibule_android_apps: [ANDROID] });
  await host('post', { vestibule_apple_apps: ['ZYXWV98765.com.post.app'] });
  // Apps that answer nobody's requests claim no links, whatever they say of themselves.
  await host('plain', { vestibule_app2app_host: false, vestibule_apple_apps: ['ABCDE12345.com.plain'], vestibule_android_apps: [{ ...ANDROID, package_name: 'com.plain' }] });
  const bank = { appIDs: ['ABCDE12345.com.bank.app', 'ABCDE12345.com.bank.app.beta'], components: [{ '/': '/a2a/bank' }] };
  const post = { appIDs: ['ZYXWV98765.com.post.app'], components: [{ '/': '/a2a/post' }] };
  const target = (app) => ({ relation: ['delegate_permission/common.handle_all_urls'], target: { namespace: 'android_app', ...app } });
  await become({ android: [target(ANDROID)], apple: [bank, post] });
  // Another app, and another fingerprint beside the first; one that has ended, and one that is deleted.
  const more = { ...ANDROID, sha256_cert_fingerprints: [FINGERPRINT, FINGERPRINT.replace('14', '15')] };
  await provider.cli(['client', 'update', 'bank', '--metadata', JSON.stringify({ vestibule_android_apps: [more], vestibule_apple_apps: null })]);
  await become({ android: [target(more)], apple: [post] });
  await provider.cli(['client', 'update', 'post', '--expires', '2020-01-01T00:00:00Z']);
  await become({ android: [target(more)], apple: [] });
  await provider.cli(['client', 'delete', 'bank']);
  await become({ android: [], apple: [] });
});

test('what a system’s file could not say is no registration', async () => {
  for (const [id, metadata] of [
    // Apple reads these as signs for other ids (https://developer.apple.com/documentation/bundleresources/applinks).
    ['a*', {}],
    ['a?', {}],
    ['a/../../oauth2/authorize', {}],
    ['none', { vestibule_android_apps: [{ package_name: 'com.bank.app', sha256_cert_fingerprints: ['14:6D'] }] }],
    ['none', { vestibule_android_apps: [{ package_name: '', sha256_cert_fingerprints: [FINGERPRINT] }] }],
    ['none', { vestibule_apple_apps: ['com.bank.app'] }],
    ['none', { vestibule_apple_apps: ['ABCDE12345.com.*'] }],
  ]) {
    await assert.rejects(host(id, metadata), /host app|fingerprints/, JSON.stringify([id, metadata]));
  }
  assert.deepEqual(await files(), { android: [], apple: [] });
});

function host(id, metadata) {
  const usual = { vestibule_app2app_host: true };
  const redirect = 'https://host.example/cb';
  return provider.addClient(id, '--client-id', id, '--type', 'native', '--redirect-uri', redirect, '--metadata', JSON.stringify({ ...usual, ...metadata }));
}

/** Both files; Apple's list is in the order of the clients' ids. */
async function files() {
  const [android, apple] = await Promise.all(['assetlinks.json', 'apple-app-site-association'].map(read));
  assert.deepEqual(Object.keys(apple), ['applinks']);
  assert.deepEqual(Object.keys(apple.applinks), ['details']);
  return { android, apple: apple.applinks.details };
}

async function read(name) {
  const answer = await fetch(`${provider.issuer}/.well-known/${name}`, { redirect: 'manual' });
  assert.equal(answer.status, 200, name);
  assert.equal(answer.headers.get('content-type'), 'application/json', name);
  assert.match(answer.headers.get('cache-control'), /^public, max-age=\d+$/, name);
  assert.deepEqual([answer.headers.get('set-cookie'), answer.headers.get('location')], [null, null]);
  return answer.json();
}

/** What the command line changes is told within a second. */
async function become(expected) {
  let told;
  await until(async () => JSON.stringify((told = await files())) === JSON.stringify(expected)).catch(() => assert.deepEqual(told, expected));
}
