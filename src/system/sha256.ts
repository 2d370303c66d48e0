// Node's own takes 5 ms to load where nothing else needs it, which is more than a save takes.

/** The SHA-256 (FIPS 180-4) of a text in UTF-8, as hexadecimal digits. */
export function sha256(text: string): string {
  const bytes = Buffer.from(text)
  const message = Buffer.alloc((((bytes.length + 8) >> 6) + 1) * 64)
  bytes.copy(message)
  message[bytes.length] = 0x80
  message.writeUIntBE(bytes.length * 8, message.length - 6, 6)
  const hash = Uint32Array.from(primes.slice(0, 8), (prime) => fractionOf(prime ** (1 / 2)))
  for (let offset = 0; offset < message.length; offset += 64) mix(hash, message.subarray(offset, offset + 64))
  return [...hash].map((word) => word.toString(16).padStart(8, '0')).join('')
}

const primes: number[] = []
for (let number = 2; primes.length < 64; number++) {
  if (primes.every((prime) => number % prime !== 0)) primes.push(number)
}

/** The first 32 bits behind the point. */
const fractionOf = (root: number) => Math.floor((root % 1) * 2 ** 32)

const constants = Uint32Array.from(primes, (prime) => fractionOf(Math.cbrt(prime)))

const turn = (word: number, bits: number) => (word >>> bits) | (word << (32 - bits))

function mix(hash: Uint32Array, block: Buffer): void {
  const words = new Uint32Array(64)
  for (let i = 0; i < 16; i++) words[i] = block.readUInt32BE(i * 4)
  const at = (i: number) => words[i] as number
  for (let i = 16; i < 64; i++) {
    const low = turn(at(i - 15), 7) ^ turn(at(i - 15), 18) ^ (at(i - 15) >>> 3)
    const high = turn(at(i - 2), 17) ^ turn(at(i - 2), 19) ^ (at(i - 2) >>> 10)
    words[i] = at(i - 16) + low + at(i - 7) + high
  }
  let [a, b, c, d, e, f, g, h] = hash as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  for (let i = 0; i < 64; i++) {
    const one =
      h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + (constants[i] as number) + at(i)
    const other = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))
    ;[a, b, c, d, e, f, g, h] = [(one + other) | 0, a, b, c, (d + one) | 0, e, f, g]
  }
  const mixed = [a, b, c, d, e, f, g, h]
  for (let i = 0; i < 8; i++) hash[i] = (hash[i] as number) + (mixed[i] as number)
}
