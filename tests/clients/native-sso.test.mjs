// OpenID Connect Native SSO 1.0 and token exchange (RFC 8693) through the release binary, by a client that knows the
// specifications alone: fetch, forms and JSON, and no library.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ACCESS_TOKEN, EXCHANGE, appsOf, callback, claims, hash, post } from './native-apps.mjs';
import { startProvider } from './provider.mjs';

let provider, metadata, apps;

before(async () => {
  provider = await startProvider();
  const ada = await provider.addUser('ada@example.com', 'correct horse battery staple');
  metadata = await (await fetch(`${provider.issuer}/.well-known/openid-configuration`)).json();
  apps = appsOf(provider, metadata, ada);
  // A group without extra demands: as the specification has it, the secret is a bearer secret.
  for (const name of ['notes', 'mail']) await apps.add(name, '--app-group', 'acme', '--trusted');
  await apps.add('stranger', '--app-group', 'other', '--trusted');
  await provider.cli(['app-group', 'set', 'acme', '--rotation', 'off', '--device-proof', 'off']);
});

after(() => provider?.stop());

test('the second app of a developer is simply signed in', async () => {
  assert.equal(metadata.native_sso_supported, true, 'section 5');
  const notes = await apps.signIn('notes', 'openid profile device_sso');
  assert.ok(notes.device_secret, JSON.stringify(notes));
  assert.equal(claims(notes.id_token).ds_hash, hash(notes.device_secret), 'section 3.4');
  const mail = await apps.join('mail', notes);
  assert.deepEqual([mail.status, mail.issued_token_type], [200, ACCESS_TOKEN], JSON.stringify(mail));
  const [one, two] = [notes, mail].map(({ id_token }) => claims(id_token));
  assert.deepEqual([two.sub, two.sid, two.auth_time, two.aud], [one.sub, one.sid, one.auth_time, 'mail']);
  assert.equal((await (await apps.userinfo(mail.access_token)).json()).sub, one.sub);
  // As often as the apps like, and for the first drafts' name of the type.
  const alias = { actor_token_type: 'urn:x-oath:params:oauth:token-type:device-secret' };
  assert.equal((await apps.join('mail', mail, alias)).status, 200);
});

test('nobody else is let in by a device secret, and it ends with what it opened', async () => {
  const notes = await apps.signIn('notes', 'openid device_sso');
  const other = await apps.signIn('notes', 'openid device_sso');
  for (const [name, more, error] of [
    ['stranger', {}, 'invalid_grant'],
    ['mail', { actor_token: other.device_secret }, 'invalid_grant'],
    ['mail', { actor_token: `${notes.device_secret}x` }, 'invalid_grant'],
    ['mail', { subject_token: `${notes.id_token}x` }, 'invalid_grant'],
    ['mail', { audience: 'https://elsewhere.example' }, 'invalid_request'],
    ['mail', { scope: 'profile' }, 'invalid_scope'],
  ]) {
    assert.equal((await apps.join(name, notes, more)).error, error, JSON.stringify([name, more]));
  }
  const mail = await apps.join('mail', notes);
  const revoked = await fetch(metadata.revocation_endpoint, {
    method: 'POST',
    body: new URLSearchParams({ client_id: 'mail', token: mail.device_secret }),
  });
  assert.equal(revoked.status, 200);
  assert.equal((await apps.join('mail', notes)).error, 'invalid_grant');
  assert.equal((await apps.userinfo(mail.access_token)).status, 401);
});

test('a gateway acts for a person, and says so', async () => {
  const line = { client: 'shop', audience: ['orders'], scope: 'read write' };
  const web = ['--type', 'web', '--auth', 'client_secret_post', '--trusted'];
  const shop = await provider.addClient('Shop', '--client-id', 'shop', ...web, '--redirect-uri', callback('shop'), '--scope', 'openid read');
  const orders = await provider.addClient('Orders', '--client-id', 'orders', ...web, '--redirect-uri', callback('orders'));
  const policy = JSON.stringify({ vestibule_exchange: [line] });
  const grants = ['--grant', 'client_credentials', '--grant', EXCHANGE];
  const gateway = await provider.addClient('Gateway', '--client-id', 'gateway', '--type', 'service', '--auth', 'client_secret_post', ...grants, '--metadata', policy);
  const own = ({ client_id, client_secret }) => ({ client_id, client_secret });
  const tokens = await apps.signIn('shop', 'openid read', () => own(shop));
  const exchange = (more, by = gateway) =>
    post(metadata.token_endpoint, {
      grant_type: EXCHANGE,
      subject_token: tokens.access_token,
      subject_token_type: ACCESS_TOKEN,
      audience: 'orders',
      ...own(by),
      ...more,
    });
  const acting = await exchange({});
  assert.deepEqual([acting.status, acting.issued_token_type, acting.scope], [200, ACCESS_TOKEN, 'read'], JSON.stringify(acting));
  assert.equal(acting.refresh_token ?? acting.id_token, undefined, 'neither an identity nor a way to come back');
  const [was, is] = [tokens, acting].map(({ access_token }) => claims(access_token));
  assert.deepEqual([is.sub, is.aud, is.client_id, is.act], [was.sub, 'orders', 'gateway', { sub: 'gateway' }], 'section 4.1');
  assert.ok(is.exp <= was.exp, 'never longer than its subject');
  const introspect = () => post(metadata.introspection_endpoint, { token: acting.access_token, ...own(orders) });
  const seen = await introspect();
  assert.deepEqual([seen.active, seen.act], [true, { sub: 'gateway' }]);
  for (const [more, by, error] of [
    [{ audience: 'elsewhere' }, gateway, 'invalid_target'],
    [{ scope: 'read admin' }, gateway, 'invalid_scope'],
    [{ scope: 'read write' }, gateway, 'invalid_scope'],
    [{ subject_token: tokens.id_token }, gateway, 'invalid_request'],
    [{}, shop, 'unauthorized_client'],
  ]) {
    assert.equal((await exchange(more, by)).error, error, JSON.stringify(more));
  }
  const revoked = await fetch(metadata.revocation_endpoint, { method: 'POST', body: new URLSearchParams({ token: tokens.refresh_token, ...own(shop) }) });
  assert.equal(revoked.status, 200);
  assert.equal((await introspect()).active, false, 'it ends with what it came of');
});
