/** `true` only for types that are exactly the same, optional and read-only members included. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Does not compile where the types differ: `holds<Same<A, B>>()`. */
export declare function holds<_ extends true>(): void
