import { expect, it } from 'vitest'
import { openCells } from '../../src/terminal/cells.ts'

it.each([
  ['Clair de lune', 13, 'Clair de lune'],
  ['Clair de lune', 12, 'Clair de lu…'],
  ['Clair de lune', 7, 'Clair…'],
  ['Clair de lune', 1, '…'],
  ['椎名林檎', 8, '椎名林檎'],
  ['椎名林檎', 7, '椎名林…'],
  ['椎名林檎', 6, '椎名…'],
  ['👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 4, '👩‍👩‍👧‍👦👩‍👩‍👧‍👦'],
  ['👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 3, '👩‍👩‍👧‍👦…'],
  ['e\u0301te\u0301', 2, 'e\u0301…'],
])('cuts %j to %i cells', async (text, cells, line) => {
  expect((await openCells()).cut(text, cells)).toBe(line)
})
