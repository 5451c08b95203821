declare module 'fs-native-extensions' {
  /** Takes an exclusive kernel lock on the open file; false when another open file description holds it. */
  export function tryLock(fileDescriptor: number): boolean;
}
