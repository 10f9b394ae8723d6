// App to app by a simulated bank app with a P-256 key, through the release binary.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bankApp, pushed, redeem } from './bank-app.mjs';
import { startProvider } from './provider.mjs';

const CALLBACK = 'https://fintech.example/callback';
let provider, bank, fintech;

before(async () => {
  provider = await startProvider();
  const ada = await provider.addUser('ada@example.com', 'correct horse battery staple');
  bank = await bankApp(provider, ada);
  fintech = await provider.addClient('Fintech', '--type', 'web', '--redirect-uri', CALLBACK, '--scope', 'openid profile');
});

after(() => provider?.stop());

test('the bank answers, and the fintech has its tokens', async () => {
  const link = await pushed(provider, fintech, bank.clientId, { redirect_uri: CALLBACK, scope: 'openid profile', state: 'x' });
  const asked = await bank.read(link);
  assert.equal(asked.client.name, 'Fintech');
  assert.deepEqual(asked.scopes.map((scope) => scope.words), ['know that it is you', 'see your name and profile']);
  const back = new URL((await bank.answer(link, asked, 'allow')).redirect_to);
  assert.equal(back.searchParams.get('state'), 'x');
  const tokens = await redeem(provider, fintech, CALLBACK, back.searchParams.get('code'));
  assert.ok(tokens.id_token, JSON.stringify(tokens));
  assert.equal((await bank.answer(link, asked, 'allow')).error, 'invalid_request_uri', 'once');
});

test('the bank says no', async () => {
  const link = await pushed(provider, fintech, bank.clientId, { redirect_uri: CALLBACK, scope: 'openid' });
  const back = new URL((await bank.answer(link, await bank.read(link), 'deny')).redirect_to);
  assert.equal(back.searchParams.get('error'), 'access_denied');
});
