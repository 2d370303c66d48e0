declare module 'fs-native-extensions' {
  /** Takes an exclusive kernel lock on an open file, or returns false; closing the file lets go of it. */
  export function tryLock(fd: number): boolean
}
