import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Why a request is refused. */
export type Refusal = { status: number; text: string };

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Decides who may ask. Whoever knows the token gets a cookie; every request needs the cookie, and the name of this server as its Host: a page of
 * another site whose name was made to point here (DNS rebinding) has another. Requests that change something also need an Origin of ours.
 */
export class Guard {
  /** in the address that the command prints */
  readonly token = randomBytes(24).toString('base64url');
  readonly #session = randomBytes(24).toString('base64url');
  readonly #hosts: readonly string[];
  readonly #isReadOnly: boolean;
  readonly #isTls: boolean;
  #port = 0;

  /** @param hosts names of this server besides loopback's; ports are not compared, since a tunnel changes them */
  constructor({ hosts, readOnly, tls }: { hosts: readonly string[]; readOnly: boolean; tls: boolean }) {
    this.#hosts = [...LOOPBACK, ...hosts.map((name) => name.toLowerCase())];
    this.#isReadOnly = readOnly;
    this.#isTls = tls;
  }

  /** Several servers of one host have one jar of cookies: the port tells them apart. */
  listensOn(port: number): void {
    this.#port = port;
  }

  /** The cookie for whoever opens the address with the token; undefined for a wrong one. */
  cookieFor(token: string): string | undefined {
    if (!same(token, this.token)) return undefined;
    return `${this.#cookieName}=${this.#session}; Path=/; HttpOnly; SameSite=Strict${this.#isTls ? '; Secure' : ''}`;
  }

  get #cookieName(): string {
    return `edgesweep-${this.#port}`;
  }

  /** What every request needs, whatever it asks for. */
  refuseStranger({ headers, method }: IncomingMessage): Refusal | undefined {
    if (!this.#isOurs(headers.host)) return { status: 421, text: 'this server does not answer to that name' };
    if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') return { status: 405, text: 'method not allowed' };
    return undefined;
  }

  /** What every request needs but the one with the token. */
  refuseUnknown({ headers }: IncomingMessage): Refusal | undefined {
    const cookies = (headers.cookie ?? '').split(';').map((part) => part.trim());
    const given = cookies.find((part) => part.startsWith(`${this.#cookieName}=`))?.slice(this.#cookieName.length + 1);
    if (given !== undefined && same(given, this.#session)) return undefined;
    return { status: 401, text: 'open the address that `edgesweep ui` printed: it holds the token of this session' };
  }

  /** What requests that change something need besides. */
  refuseChange({ headers }: IncomingMessage): Refusal | undefined {
    if (this.#isReadOnly)
      return { status: 403, text: 'this page is read-only: `edgesweep ui` was started with --read-only' };
    const { origin, host } = headers;
    if (origin === undefined || !this.#isOurs(hostOf(origin)) || hostOf(origin) !== host) {
      return { status: 403, text: 'the request comes from another site' };
    }
    const type = headers['content-type']?.split(';')[0].trim().toLowerCase();
    if (type !== 'application/json') return { status: 415, text: 'the content type has to be application/json' };
    return undefined;
  }

  #isOurs(host: string | undefined): boolean {
    const [, name] = /^(\[[0-9a-f:.]+\]|[^:@/\s]+)(?::\d+)?$/i.exec(host ?? '') ?? [];
    return name !== undefined && this.#hosts.includes(name.toLowerCase());
  }
}

function hostOf(origin: string): string | undefined {
  return /^https?:\/\/([^/]+)$/.exec(origin)?.[1];
}

/** Takes as long for a wrong one as for the right one. */
const same = (a: string, b: string): boolean =>
  timingSafeEqual(Buffer.from(hash('sha256', a, 'hex')), Buffer.from(hash('sha256', b, 'hex')));

/** Of every answer. Nothing is loaded from elsewhere, nothing inline runs, nobody frames the page. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};
