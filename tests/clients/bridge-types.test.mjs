// The bridge's types (sdk/bridge/vestibule-bridge.d.ts): a program and a host in TypeScript compile against them and fail where they
// should, and the module has what its types promise.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const path = (name) => fileURLToPath(new URL(name, import.meta.url));
const SOURCE = path('bridge-types.ts');
const TYPES = path('../../sdk/bridge/vestibule-bridge.d.ts');
const MODULE = new URL('../../sdk/bridge/vestibule-bridge.js', import.meta.url);
const OPTIONS = {
  strict: true,
  noEmit: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: [],
};
/** As bundlers find modules, and as Node does. */
const RESOLUTIONS = [
  { module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler },
  { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
];

for (const resolution of RESOLUTIONS) {
  test(`a program and a host compile (${ts.ModuleResolutionKind[resolution.moduleResolution]})`, () => {
    const program = ts.createProgram([SOURCE], { ...OPTIONS, ...resolution });
    const told = ts.getPreEmitDiagnostics(program);
    const host = { getCanonicalFileName: (name) => name, getCurrentDirectory: () => path('.'), getNewLine: () => '\n' };
    assert.equal(ts.formatDiagnostics(told, host), '');
    assert.ok(program.getSourceFile(TYPES), 'the shipped types were the ones that were read');
    assert.ok(readFileSync(SOURCE, 'utf8').split('@ts-expect-error').length > 10);
  });
}

test('the module has the values that its types promise, and no others', async () => {
  const { checker, exports } = typesOf();
  const values = exports.filter(({ flags }) => flags & ts.SymbolFlags.Value).map(({ name }) => name);
  const module = await import(MODULE);
  assert.deepEqual(values.sort(), Object.keys(module).sort());
  const error = new module.BridgeError('busy', 'words');
  const promised = membersOf(checker, exports, 'BridgeError').filter((name) => !['stack', 'cause'].includes(name));
  for (const name of promised) assert.ok(name in error, name);
  assert.ok(error instanceof Error && error.code === 'busy' && error.message === 'words');
});

test('the bridge’s own words of error are those of the type', () => {
  const { checker, exports } = typesOf();
  const words = checker.getDeclaredTypeOfSymbol(exports.find(({ name }) => name === 'BridgeErrorCode')).types.map(({ value }) => value);
  const source = readFileSync(MODULE, 'utf8');
  const said = [...source.matchAll(/BridgeError\('(\w+)'|\berror: '(\w+)'|: '(server_error)'/g)].map((match) => match.slice(1).find(Boolean));
  assert.deepEqual([...new Set(said)].sort(), words.sort());
});

test('what goes over the bridge is what the type of a request names', async () => {
  const { checker, exports } = typesOf();
  const { connect } = await import(MODULE);
  const asked = {
    scopes: ['openid'],
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    state: 's',
    nonce: 'n',
    acr_values: ['urn:vestibule:acr:multi-factor'],
    max_age: 300,
  };
  assert.deepEqual(Object.keys(asked).sort(), membersOf(checker, exports, 'AuthCodeRequest').sort(), 'each member is tried here');
  // A web view of Android's, whose app answers what it hears.
  const heard = [];
  globalThis.window = {
    vestibuleBridge: {
      postMessage(text) {
        const message = JSON.parse(text);
        heard.push(message);
        this.onmessage({ data: JSON.stringify({ id: message.id, code: 'vst_ac_x', access_token: 'x' }) });
      },
    },
  };
  window.parent = window;
  try {
    const bridge = await connect();
    assert.deepEqual(Object.keys(bridge).sort(), membersOf(checker, exports, 'ProgramBridge').sort());
    const answer = await bridge.getAuthCode({ ...asked, program: 'another', token: 'x' });
    assert.deepEqual(heard, [{ id: 1, ...asked }]);
    assert.deepEqual(Object.keys(answer).sort(), membersOf(checker, exports, 'AuthCode').sort());
    bridge.close();
  } finally {
    delete globalThis.window;
  }
});

/** What the types export. */
function typesOf() {
  const program = ts.createProgram([TYPES], { ...OPTIONS, ...RESOLUTIONS[0] });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(TYPES);
  return { checker, exports: checker.getExportsOfModule(checker.getSymbolAtLocation(source)) };
}

function membersOf(checker, exports, name) {
  const type = checker.getDeclaredTypeOfSymbol(exports.find((one) => one.name === name));
  return checker.getPropertiesOfType(type).map((member) => member.name);
}
