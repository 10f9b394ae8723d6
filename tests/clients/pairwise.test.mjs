// Pairwise subjects (OpenID Connect Core §8.1) through the release binary: apps on panva's openid-client, sectors by documents
// that the provider fetches when an app is registered (Registration §5).
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as oidc from 'openid-client';
import { Browser } from './browser.mjs';
import { endless, moved, silent, startDocuments } from './documents.mjs';
import { claims } from './native-apps.mjs';
import { binary, run, startProvider } from './provider.mjs';
import { webApp } from './web-app.mjs';

const ALBUM = 'https://album.example/cb';
const EVIL = 'https://evil.example/cb';
let provider, documents, ada, grace, family, apps;

before(async () => {
  provider = await startProvider();
  documents = await startDocuments();
  ada = await provider.addUser('ada@example.com', 'correct horse battery staple');
  grace = await provider.addUser('grace@example.com', 'correct horse battery staple');
  // One company with two domains, another one, a third without a document, and an app that knows people as everybody does.
  documents.lay('/family', [ALBUM, 'https://prints.example/cb']);
  documents.lay('/archive', ['https://archive.example/cb']);
  family = documents.at('family', '/family');
  const pairwise = (more) => ({ subject_type: 'pairwise', ...more });
  const by = { sector_identifier_uri: family };
  const backchannel_logout_uri = documents.at('album', '/signed-out');
  apps = {
    album: await webApp(provider, 'album', pairwise({ ...by, backchannel_logout_uri })),
    prints: await webApp(provider, 'prints', pairwise(by)),
    archive: await webApp(provider, 'archive', pairwise({ sector_identifier_uri: documents.at('archive', '/archive') })),
    letters: await webApp(provider, 'letters', pairwise()),
    plain: await webApp(provider, 'plain'),
  };
});

after(async () => {
  await provider?.stop();
  await documents?.stop();
});

test('a sector knows a person by one subject, wherever it is told, and no other sector by the same', async () => {
  assert.equal(documents.count('/family'), 2, 'asked for with each registration');
  const subjects = {};
  for (const user of [ada, grace]) {
    for (const [name, app] of Object.entries(apps)) (subjects[name] ??= []).push(await subjectOf(app, user));
  }
  assert.deepEqual(subjects.prints, subjects.album, 'one sector');
  const told = ['album', 'archive', 'letters', 'plain'].flatMap((name) => subjects[name]);
  assert.equal(new Set(told).size, 8, JSON.stringify(subjects));
  const { id } = JSON.parse(await provider.cli(['user', 'show', ada.username, '--json']));
  assert.equal(subjects.plain[0], id);
});

test('a subject that comes back means its person at its own sector, and nobody at another', async () => {
  const browser = new Browser(provider.issuer);
  const tokens = await apps.album.signIn(ada, {}, browser);
  const { sub } = tokens.claims();
  const wish = JSON.stringify({ id_token: { sub: { value: sub } } });
  const silently = async (app, more) => {
    const { params } = await app.asked(ada, { prompt: 'none', ...more }, browser);
    return params.get('error') ?? 'in';
  };
  for (const name of ['album', 'prints', 'letters']) await apps[name].signIn(ada, {}, browser);
  assert.equal(await silently(apps.album, { id_token_hint: tokens.id_token }), 'in');
  assert.equal(await silently(apps.album, { claims: wish }), 'in');
  assert.equal(await silently(apps.prints, { claims: wish }), 'in', 'one sector');
  assert.equal(await silently(apps.letters, {}), 'in');
  assert.equal(await silently(apps.letters, { claims: wish }), 'login_required');
  assert.equal(await silently(apps.plain, { claims: wish }), 'login_required');
});

test('a logout token names the person as their app knows them', async () => {
  const told = new Promise((done) => {
    documents.lay('/signed-out', async (request, answer) => {
      done(new URLSearchParams(Buffer.concat(await request.toArray()).toString()).get('logout_token'));
      answer.end();
    });
  });
  const browser = new Browser(provider.issuer);
  const tokens = await apps.album.signIn(grace, {}, browser);
  const page = await browser.open(oidc.buildEndSessionUrl(apps.album.config, { id_token_hint: tokens.id_token }));
  if (page.step === 'signout') await browser.submit(page, 'signout');
  const said = claims(await told);
  assert.deepEqual([said.aud, said.sub, said.sid], ['album', tokens.claims().sub, tokens.claims().sid]);
});

test('whoever is not in the sector’s document is not registered for it', async () => {
  const add = (name, redirect, sector_identifier_uri = family) => {
    const metadata = JSON.stringify({ subject_type: 'pairwise', sector_identifier_uri });
    return provider.cli(['client', 'add', name, '--client-id', name, '--redirect-uri', redirect, '--metadata', metadata]);
  };
  const listed = documents.count('/family');
  const hung = [endless(), silent()];
  documents.lay('/no-list', { redirect_uris: [EVIL] });
  documents.lay('/mixed', [EVIL, 1]);
  documents.lay('/elsewhere', moved(documents.at('evil', '/evil')));
  documents.lay('/evil', [EVIL]);
  documents.lay('/endless', hung[0].document);
  documents.lay('/silent', hung[1].document);
  const refused = [
    [EVIL, undefined, 'https://evil.example/cb is not among the redirect URIs at sector_identifier_uri'],
    // Character by character.
    [`${ALBUM}/`, undefined, 'is not among the redirect URIs'],
    [ALBUM.replace('https', 'http'), undefined, ''],
    [EVIL, '/no-list', 'leads to no JSON array of redirect URIs'],
    [EVIL, '/mixed', 'leads to no JSON array of redirect URIs'],
    [EVIL, '/missing', 'the answer is 404'],
    [EVIL, '/elsewhere', 'the answer is 302'],
    [EVIL, '/endless', 'the answer is longer than'],
    [EVIL, '/silent', 'no whole answer within'],
  ].map(([redirect, path, says]) => [redirect, path && documents.at('evil', path), says]);
  const outside = ['https://10.0.0.1/evil', 'https://169.254.169.254/evil', 'https://[::ffff:127.0.0.1]/evil'];
  refused.push(...outside.map((address) => [EVIL, address, 'is out of reach']));
  // By plain http what may be asked is this machine alone.
  refused.push([EVIL, 'http://evil.example/evil', '']);
  const all = refused.map(async ([redirect, sector, says], index) => {
    const name = `refused-${index}`;
    await assert.rejects(add(name, redirect, sector), ({ message }) => message.includes(says) || assert.fail(message));
    await assert.rejects(provider.cli(['client', 'show', name]), /there is no client/);
  });
  await Promise.all(all);
  await Promise.all(hung.map(({ left }) => left));
  assert.equal(documents.count('/evil'), 0, 'no redirect is followed');
  assert.ok(documents.count('/family') > listed);
  // The same document lets in whom it names; and an app that is there already gains nobody by a change.
  await add('sister', 'https://prints.example/cb');
  const change = JSON.stringify({ redirect_uris: [ALBUM, EVIL] });
  await assert.rejects(provider.cli(['client', 'update', 'album', '--metadata', change]), /evil\.example\/cb is not among/);
  const { redirect_uris } = JSON.parse(await provider.cli(['client', 'show', 'album', '--json']));
  assert.deepEqual(redirect_uris, [ALBUM]);
  // And what another app of the sector has registered is no address of this one.
  const request = { client_id: 'album', response_type: 'code', scope: 'openid', redirect_uri: 'https://prints.example/cb', nonce: 'n' };
  const page = await new Browser(provider.issuer).open(`${provider.issuer}/oauth2/authorize?${new URLSearchParams(request)}`);
  assert.deepEqual([page.status, page.step], [400, 'error']);
});

test('where the issuer is not on this machine, no document on it is asked for', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'vestibule-sector-'));
  try {
    const file = join(dir, 'vestibule.toml');
    // A list of private networks opens none of this machine's addresses.
    writeFileSync(file, 'public_url = "https://id.example.com"\n[outbound]\nnetworks = ["127.0.0.0/8", "::1/128"]\n');
    documents.lay('/inside', [ALBUM]);
    for (const sector_identifier_uri of [documents.at('x', '/inside'), `http://127.0.0.1:${documents.port}/inside`]) {
      const metadata = JSON.stringify({ subject_type: 'pairwise', sector_identifier_uri });
      const added = run(binary(), ['client', 'add', 'Album', '--redirect-uri', ALBUM, '--metadata', metadata], {
        cwd: dir,
        env: { PATH: process.env.PATH, HOME: dir, VESTIBULE_CONFIG: file },
      });
      await assert.rejects(added, /only https is fetched/);
    }
    assert.equal(documents.count('/inside'), 0);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});

/** The one subject of a person that an app is told: in tokens, by UserInfo, by introspection, and again after a refresh. */
async function subjectOf(app, user) {
  const tokens = await app.signIn(user);
  const { sub } = tokens.claims();
  const next = await oidc.refreshTokenGrant(app.config, tokens.refresh_token);
  const told = [
    claims(tokens.access_token).sub,
    (await oidc.fetchUserInfo(app.config, tokens.access_token, oidc.skipSubjectCheck)).sub,
    (await app.introspect(tokens.access_token)).sub,
    (await app.introspect(next.refresh_token)).sub,
    next.claims().sub,
    claims(next.access_token).sub,
  ];
  assert.deepEqual(new Set(told), new Set([sub]), app.name);
  return sub;
}
