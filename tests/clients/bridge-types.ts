// What a mini program and its host write in TypeScript against the bridge that is shipped: it compiles, and each line that is marked
// does not. Compiled by bridge-types.test.mjs, never run.
import { BridgeError, connect, openBridge } from '../../sdk/bridge/vestibule-bridge.js';
import type {
  AuthCode,
  AuthCodeRequest,
  BridgeErrorCode,
  ConnectOptions,
  HostBridge,
  OpenBridgeOptions,
  ProgramBridge,
  ProgramRequest,
} from '../../sdk/bridge/vestibule-bridge.js';

// ---- A program

const asked = { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', state: 's', nonce: 'n' };

export async function program(): Promise<string> {
  const options: ConnectOptions = { hostOrigin: 'https://super.example', connectTimeout: 5_000, requestTimeout: 60_000 };
  const bridge: ProgramBridge = await connect(options);
  // In an app's web view nothing needs to be said.
  await connect();
  const scopes = ['openid', 'profile'] as const;
  const usual: AuthCode = await bridge.getAuthCode({ scopes, ...asked });
  const demanded: AuthCodeRequest = { scopes: [...scopes], ...asked, acr_values: ['urn:vestibule:acr:multi-factor'], max_age: 300 };
  const { code, state } = await bridge.getAuthCode(demanded);
  bridge.close();

  // @ts-expect-error the verifier's challenge is not left out
  await bridge.getAuthCode({ scopes, state: 's', nonce: 'n' });
  // @ts-expect-error scopes are a list
  await bridge.getAuthCode({ scopes: 'openid', ...asked });
  // @ts-expect-error seconds are a number
  await bridge.getAuthCode({ scopes, ...asked, max_age: '300' });
  // @ts-expect-error a program does not say which it is
  await bridge.getAuthCode({ scopes, ...asked, program: 'taxi' });
  // @ts-expect-error the host's token never comes here
  usual.token;
  // @ts-expect-error an origin is a text
  await connect({ hostOrigin: new URL('https://super.example') });
  return code + state;
}

export function word(error: unknown): string {
  if (!(error instanceof BridgeError)) return 'unknown';
  const known: BridgeErrorCode[] = ['invalid_request', 'invalid_answer', 'not_framed', 'already_connected', 'busy', 'timeout', 'closed', 'server_error'];
  // @ts-expect-error no word of the bridge's own
  known.push('login_required');
  // @ts-expect-error it is only read
  error.code = 'busy';
  const thrown = [new BridgeError('busy'), new BridgeError('login_required', 'the host’s word')];
  return error.code === 'timeout' ? error.message : (thrown[0]?.code ?? '');
}

// ---- A host

export function host(frame: HTMLIFrameElement, exchange: (asked: ProgramRequest) => Promise<string>): HostBridge {
  const options: OpenBridgeOptions = {
    program: 'taxi',
    origin: 'https://taxi.example',
    async handler({ program, scopes, code_challenge, state, nonce, acr_values, max_age }) {
      const asked: ProgramRequest = { program, scopes, code_challenge, state, nonce };
      const level: string | undefined = acr_values?.[0];
      const seconds: number | undefined = max_age;
      return { code: await exchange(level || seconds ? { ...asked, scopes: scopes.slice(0, 1) } : asked) };
    },
  };
  const bridge = openBridge(frame, options);
  openBridge(frame, { ...options, handler: () => ({ code: 'vst_ac_x' }) }).close();
  bridge.reopen();

  // @ts-expect-error which program it is, the host says
  openBridge(frame, { origin: options.origin, handler: options.handler });
  // @ts-expect-error its origin, too
  openBridge(frame, { program: 'taxi', handler: options.handler });
  // @ts-expect-error a handler gives a code and no token
  openBridge(frame, { ...options, handler: async () => ({ access_token: 'x' }) });
  // @ts-expect-error a window is no frame: which page is in it, nobody knows
  openBridge(window, options);
  return bridge;
}
