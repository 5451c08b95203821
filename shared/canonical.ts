import canonicalizeModule from 'canonicalize';

/** Canonical JSON (RFC 8785). The package is CommonJS and exports the function itself; its declaration says otherwise. */
export const canonicalize = canonicalizeModule as unknown as (value: object) => string;
