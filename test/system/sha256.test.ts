import { createHash, randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { sha256 } from '../../src/system/sha256.ts'

it('is the SHA-256 that Node computes, for texts of every length around a block and beyond', () => {
  const texts = Array.from({ length: 300 }, (_, length) =>
    randomBytes(length).toString('latin1').slice(0, length),
  )
  for (const text of [...texts, 'ä'.repeat(5_000), '👩‍👩‍👧‍👦', 'a'.repeat(100_000)]) {
    expect(sha256(text)).toBe(createHash('sha256').update(text).digest('hex'))
  }
})
