/** What a mini program asks for. */
export interface AuthCodeRequest {
  /** 1 to 32 scopes (RFC 6749 §3.3). */
  scopes: readonly string[];
  /** The challenge of the verifier that the program's backend keeps (RFC 7636, S256). */
  code_challenge: string;
  /** Up to 512 printable ASCII characters, given back with the code. */
  state: string;
  /** Up to 512 printable ASCII characters, found again in the ID token. */
  nonce: string;
  /** What the program's API demands by its challenge (RFC 9470 §3): up to 8 values, of which one must be reached. */
  acr_values?: readonly string[];
  /** The same: for how many seconds the person's sign-in may lie back. */
  max_age?: number;
}

export interface AuthCode {
  code: string;
  state: string;
}

/**
 * What went wrong, in a word. `login_required`, `consent_required`, `invalid_target` and the like are the host's to say; these
 * are the bridge's own.
 */
export type BridgeErrorCode =
  | 'invalid_request'
  | 'invalid_answer'
  | 'not_framed'
  | 'already_connected'
  | 'busy'
  | 'timeout'
  | 'closed'
  | 'server_error';

export class BridgeError extends Error {
  readonly code: BridgeErrorCode | (string & {});
  constructor(code: BridgeErrorCode | (string & {}), message?: string);
}

// In the mini program's page

export interface ConnectOptions {
  /** The exact origin of the host that may frame this page; not needed in an app's web view, where the app is the host. */
  hostOrigin?: string;
  /** Milliseconds to wait for the host's port; 10,000 unless said. */
  connectTimeout?: number;
  /** Milliseconds to wait for a code, a consent sheet included; 120,000 unless said. */
  requestTimeout?: number;
}

export interface ProgramBridge {
  /** One at a time; rejects with a `BridgeError`. */
  getAuthCode(request: AuthCodeRequest): Promise<AuthCode>;
  close(): void;
}

export function connect(options?: ConnectOptions): Promise<ProgramBridge>;

// In the host's page

/** A request with the program that the host knows to be in the frame. */
export interface ProgramRequest {
  program: string;
  scopes: string[];
  code_challenge: string;
  state: string;
  nonce: string;
  acr_values?: string[];
  max_age?: number;
}

export interface OpenBridgeOptions {
  /** The client id of the program that the host has put into the frame. */
  program: string;
  /** The exact origin of its page. */
  origin: string;
  /** Gets the code from the provider. An error's `code` is told to the program, its message never. */
  handler(request: ProgramRequest): Promise<{ code: string }> | { code: string };
}

export interface HostBridge {
  /** After the host has loaded the frame anew: the next page of that origin gets a port. */
  reopen(): void;
  close(): void;
}

export function openBridge(iframe: HTMLIFrameElement, options: OpenBridgeOptions): HostBridge;
