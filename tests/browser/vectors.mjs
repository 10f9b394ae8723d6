// One question for each action of each page, with the command that answers the same. `values` are typed into the form,
// `command` goes to the binary, where `@name` is the file of that name; `same` says what of both must be alike. What is
// random on one side is read by the other.
import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';

const SECRET = 'an example of a secret, of 32 bytes';
const CLAIMS = '{"sub": "ada", "iss": "https://id.example.com", "exp": 1900000000}';
const AT = '2026-01-01T00:00:00Z';
const EC = '{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}';
const PUBLIC = '{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}';
const SET = `{"keys":[${PUBLIC.replace('{', '{"kid":"a","use":"sig","alg":"ES256",')}]}`;
const PEM = createPrivateKey({ key: JSON.parse(EC), format: 'jwk' }).export({ type: 'pkcs8', format: 'pem' });
// RFC 7515 appendix A.1, whose secret stands there in base64url.
const JWT =
  'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const BEFORE = '2011-03-22T18:42:00Z';
const JWT_KEY = '{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}';
// RFC 7516 appendix A.3.
const JWE =
  'eyJhbGciOiJBMTI4S1ciLCJlbmMiOiJBMTI4Q0JDLUhTMjU2In0.6KB707dM9YTIgHtLvtgWQ8mKwboJW3of9locizkDTHzBC2IlrT1oOQ.AxY8DCtDaGlsbGljb3RoZQ.KDlTtXchhZTGufMYmOYGS4HffxPSUrfmqCHXaI9wOGY.U0m_YmjN04DJvceFICbCVQ';
const JWE_KEY = '{"kty":"oct","k":"GawgguFyGrWKav7AX4VKUg"}';
// Issued for this test, with its only claim that may be withheld.
const SD_JWT =
  'eyJhbGciOiJIUzI1NiJ9.eyJfc2QiOlsid2VlWEVBT0JpdXpIM0toR014Qk9Na1dDZUZWNHJJSmRjejZJM1U3QkEwTSJdLCJfc2RfYWxnIjoic2hhLTI1NiIsImV4cCI6MTkwMDAwMDAwMCwic3ViIjoiYWRhIn0.0x456aTmOvYYdEu6Qw71KBJxcDonxlRJGt6zCvAS3YE~WyJtR1JDYmwyRHh0RjE2TzVjTjRUekV3IiwiZW1haWwiLCJhQGIuYyJd~';
const CERTIFICATE = new URL('../../crates/toolbox/tests/it/x509.pem', import.meta.url);
const METADATA = '{"issuer":"https://id.example.com","jwks_uri":"https://id.example.com/jwks"}';
const BCRYPT = '$2b$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW';

/** Files that commands take. */
export const FILES = { ec: EC, public: PUBLIC, set: SET, pem: PEM, jwtKey: JWT_KEY, jweKey: JWE_KEY, claims: CLAIMS, metadata: METADATA };

const all = (page, command) => assert.deepEqual(page, command);
const but = (...names) => (page, command) => {
  const without = (result) => Object.fromEntries(Object.entries(result).filter(([name]) => !names.includes(name)));
  assert.deepEqual(without(page), without(command));
  for (const name of names) assert.ok(page[name] && command[name], name);
};
const members = (page, command) => assert.deepEqual(Object.keys(page).sort(), Object.keys(command).sort());

export const VECTORS = [
  { page: 'hmac', action: 'sign', values: { alg: 'sha512', key: 'Jefe', message: 'what do ya want for nothing?', output: 'base64' },
    command: ['hmac', 'sign', '--alg', 'sha512', '--key', 'Jefe', '--message', 'what do ya want for nothing?', '--output', 'base64'] },
  { page: 'hmac', action: 'verify', values: { key: 'Jefe', message: 'x\n', signature: 'af9c7be5a0e11f6eb1bc2d2a7e3c8d8f' },
    command: ['hmac', 'verify', '--key', 'Jefe', '--message', 'x\n', '--signature', 'af9c7be5a0e11f6eb1bc2d2a7e3c8d8f'] },
  { page: 'jwt', action: 'decode', values: { token: JWT, at: AT }, command: ['jwt', 'decode', JWT, '--at', AT] },
  { page: 'jwt', action: 'verify', values: { token: JWT, key: JWT_KEY, at: BEFORE },
    command: ['jwt', 'verify', JWT, '--key', '@jwtKey', '--at', BEFORE] },
  { page: 'jwt', action: 'sign', values: { claims: CLAIMS, secret: SECRET },
    command: ['jwt', 'sign', '--claims', CLAIMS, '--secret', SECRET] },
  { page: 'jwt', action: 'compare', values: { claims: CLAIMS }, command: ['jwt', 'compare', '--claims', CLAIMS],
    same(page, command) {
      const sizes = ({ forms, claims_bytes: bytes }) => [bytes, ...forms.map((form) => [form.form, form.bytes])];
      assert.deepEqual(sizes(page), sizes(command));
    } },
  { page: 'jwt', action: 'lint', values: { token: JWT, at: AT }, command: ['jwt', 'lint', JWT, '--at', AT] },
  { page: 'jws', action: 'sign', values: { message: 'hello', secret: SECRET },
    command: ['jws', 'sign', '--message', 'hello', '--secret', SECRET] },
  { page: 'jws', action: 'verify', values: { token: JWT, key: JWT_KEY }, command: ['jws', 'verify', JWT, '--key', '@jwtKey'] },
  { page: 'jwe', action: 'encrypt', values: { to: PUBLIC, message: 'hello' },
    command: ['jwe', 'encrypt', '--to', '@public', '--message', 'hello'],
    async same(page, command, cli) {
      members(page, command);
      for (const { token } of [page, command]) {
        assert.equal((await cli(['jwe', 'decrypt', token, '--key', '@ec'])).payload, 'hello');
      }
    } },
  { page: 'jwe', action: 'decrypt', values: { token: JWE, key: JWE_KEY }, command: ['jwe', 'decrypt', JWE, '--key', '@jweKey'] },
  { page: 'jwe', action: 'inspect', values: { token: JWE }, command: ['jwe', 'inspect', JWE] },
  { page: 'sd-jwt', action: 'issue', values: { claims: '{"sub":"ada","email":"a@b.c"}', hide: '/email', secret: SECRET },
    command: ['sd-jwt', 'issue', '--claims', '{"sub":"ada","email":"a@b.c"}', '--hide', '/email', '--secret', SECRET],
    async same(page, command, cli) {
      members(page, command);
      const { claims } = await cli(['sd-jwt', 'verify', page.token ?? page.sd_jwt, '--secret', SECRET]);
      assert.equal(claims.email, 'a@b.c');
    } },
  { page: 'sd-jwt', action: 'present', values: { token: SD_JWT, all: true }, command: ['sd-jwt', 'present', SD_JWT, '--all'] },
  { page: 'sd-jwt', action: 'verify', values: { token: SD_JWT, secret: SECRET, at: AT },
    command: ['sd-jwt', 'verify', SD_JWT, '--secret', SECRET, '--at', AT] },
  ...['EC', 'OKP', 'RSA', 'oct', 'AKP'].map((kty) => ({
    page: 'jwk', action: 'generate', values: { kty, use: 'sig' }, command: ['jwk', 'generate', '--kty', kty, '--use', 'sig'],
    async same(page, command, cli) {
      members(page, command);
      const again = await cli(['jwk', 'lint', '-'], JSON.stringify(page));
      assert.equal(again.faults, 0, JSON.stringify(again));
    } })),
  { page: 'jwk', action: 'from-pem', values: { file: PEM, use: 'sig' }, command: ['jwk', 'from-pem', '@pem', '--use', 'sig'] },
  { page: 'jwk', action: 'to-pem', values: { file: EC, form: 'sec1' }, command: ['jwk', 'to-pem', '@ec', '--form', 'sec1'] },
  { page: 'jwk', action: 'public', values: { file: EC }, command: ['jwk', 'public', '@ec'] },
  { page: 'jwk', action: 'thumbprint', values: { file: EC, hash: 'sha-512' }, command: ['jwk', 'thumbprint', '@ec', '--hash', 'sha-512'] },
  { page: 'jwk', action: 'lint', values: { file: EC, published: true }, command: ['jwk', 'lint', '@ec', '--published'] },
  { page: 'jwks', action: 'lint', values: { set: SET }, command: ['jwks', 'lint', '@set'] },
  { page: 'jwks', action: 'rotate', values: { set: SET, 'token-lifetime': '2h', at: AT },
    command: ['jwks', 'rotate', '@set', '--token-lifetime', '2h', '--at', AT], same: but('next', 'set_now', 'set_end') },
  { page: 'pkce', action: '', values: { verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk' },
    command: ['pkce', '--verifier', 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'] },
  { page: 'totp', action: '', values: { secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', at: AT },
    command: ['totp', '--secret', 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', '--at', AT] },
  { page: 'qr', action: 'draw', values: { text: 'https://id.example.com' }, command: ['qr', 'draw', 'https://id.example.com'] },
  // The picture is the one that was drawn before, as the page shows it.
  { page: 'qr', action: 'read', values: {}, pictureOf: 'https://id.example.com', result: { text: 'https://id.example.com', notes: [] } },
  { page: 'secret', action: '', values: { bytes: '20', output: 'hex' }, command: ['secret', '--bytes', '20', '--output', 'hex'],
    same(page, command) {
      members(page, command);
      assert.match(page.secret, /^[0-9a-f]{40}$/);
      assert.notEqual(page.secret, command.secret);
    } },
  { page: 'password-hash', action: '', values: { hash: BCRYPT, password: 'U*U' }, command: ['password-hash', BCRYPT, '--password', 'U*U'] },
  { page: 'base64url', action: 'encode', values: { message: 'hällo' }, command: ['base64url', 'encode', '--message', 'hällo'] },
  { page: 'base64url', action: 'decode', values: { text: 'aGVsbG8' }, command: ['base64url', 'decode', 'aGVsbG8'] },
  { page: 'x509', action: '', values: { file: CERTIFICATE, at: AT }, command: ['x509', CERTIFICATE.pathname, '--at', AT] },
  { page: 'oidc', action: 'request', values: { endpoint: 'https://id.example.com/authorize', 'client-id': 'shop', 'redirect-uri': 'https://shop.example.com/cb' },
    command: ['oidc', 'request', 'https://id.example.com/authorize', '--client-id', 'shop', '--redirect-uri', 'https://shop.example.com/cb'],
    same: members },
  { page: 'oidc', action: 'redirect', values: { url: 'https://shop.example.com/cb?error=login_required&state=x', state: 'x' },
    command: ['oidc', 'redirect', 'https://shop.example.com/cb?error=login_required&state=x', '--state', 'x'] },
  { page: 'oidc', action: 'lint', values: { document: METADATA }, command: ['oidc', 'lint', '@metadata'] },
  { page: 'recognise', action: '', values: { text: JWT }, command: ['recognise', JWT] },
  // The debugger: its panels are those tools' own.
  { page: 'token', action: 'verify', values: { token: JWT, key: JWT_KEY, at: BEFORE }, command: ['jwt', 'decode', JWT, '--at', BEFORE] },
  { page: 'token', action: 'sign', values: { claims: CLAIMS, secret: SECRET }, command: ['jwt', 'sign', '--claims', CLAIMS, '--secret', SECRET] },
  { page: 'token', action: 'encrypt', values: { message: 'hello', to: PUBLIC },
    command: ['jwe', 'encrypt', '--to', '@public', '--message', 'hello'], same: members },
  { page: 'token', action: 'compare', values: { claims: CLAIMS }, command: ['jwt', 'compare', '--claims', CLAIMS], same: members },
].map((vector) => ({ same: all, ...vector }));
