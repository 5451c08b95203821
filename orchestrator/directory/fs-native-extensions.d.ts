declare module 'fs-native-extensions' {
  /**
   * Takes a kernel lock on the open file; false when another open file description holds one that excludes it.
   * @param options.shared excludes exclusive locks only. Default: excludes all
   */
  export function tryLock(fileDescriptor: number, options?: { shared?: boolean }): boolean;
}
