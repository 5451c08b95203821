/** Bytes as text, one character each, to be compared: of arrays vitest compares element by element, which takes seconds. */
export const asText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
