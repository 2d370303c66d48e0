import { Chalk } from 'chalk'
import stringWidth from 'string-width'
import { describe, expect, it } from 'vitest'
import { type Column, renderTable } from '../../src/terminal/table.ts'

const plain = new Chalk({ level: 0 })
const rows = [
  ['1', '夜の港と遠い灯台の歌、そして静かな海', '坂本みどり', '港町の夜', '2021', '3:01'],
  ['22', 'ليل المرفأ وضوء بعيد فوق البحر الهادئ', 'ليلى الحكيم', 'ليل المرفأ', '2021', '12:02'],
  [
    '333',
    'Cactus in Bloom 🌸👩‍👩‍👧‍👦🇩🇪 (Extended Desert Version)',
    'Saguaro 🌵 Sound System',
    'Prickly 🌵',
    '2021',
    '1:03:04',
  ],
  ['4', 'Clair de lune', 'Marisol Vantreight, Claude Debussy', 'Suite bergamasque', '2019', '5:04'],
  ['5', 'e\u0301tude', 'ไทย', '', '', '0:05'],
]
const columns: Column[] = [
  { title: '#', isNumber: true },
  { title: 'Name' },
  { title: 'By' },
  { title: 'Album', isExtra: true },
  { title: 'Year', isNumber: true },
  { title: 'Length', isNumber: true },
].map((column, at) => ({ ...column, cells: rows.map((row) => row[at] ?? '') }))

/** Where the gaps are that all lines have in common: the first cell after each. */
function startsOf(lines: string[], width: number): number[] {
  const filled = new Set<number>()
  for (const line of lines) {
    let cell = 0
    for (const { segment } of new Intl.Segmenter().segment(line)) {
      const wide = stringWidth(segment)
      if (segment !== ' ') for (let at = 0; at < wide; at++) filled.add(cell + at)
      cell += wide
    }
  }
  return Array.from({ length: width }, (_, at) => at).filter(
    (at) => filled.has(at) && !filled.has(at - 1) && !filled.has(at - 2),
  )
}

describe.each([
  [40, 5],
  [80, 6],
  [200, 6],
])('in %i cells', (width, count) => {
  it('no line is wider', async () => {
    const lines = (await renderTable(columns, width, plain)).split('\n')
    expect(lines).toHaveLength(rows.length + 1)
    expect(lines.filter((line) => stringWidth(line) > width)).toEqual([])
  })

  it('every column starts and ends at the same cell in each line', async () => {
    const lines = (await renderTable(columns, width, plain)).split('\n')
    expect(startsOf(lines, width)).toHaveLength(count)
  })
})

it('takes from the widest columns what is too much', async () => {
  const four: Column[] = [
    { title: '#', cells: ['9', '10'], isNumber: true },
    { title: 'Name', cells: ['Clair de lune', 'Menuet'] },
    { title: 'By', cells: ['Marisol Vantreight, Claude Debussy', 'Marisol Vantreight'] },
    { title: 'Length', cells: ['5:04', '1:03:04'], isNumber: true },
  ]
  expect((await renderTable(four, 40, plain)).split('\n')).toEqual([
    ' #  Name          By              Length',
    ' 9  Clair de lu…  Marisol Vant…     5:04',
    '10  Menuet        Marisol Vant…  1:03:04',
  ])
  expect((await renderTable(four, 30, plain)).split('\n')).toEqual([
    ' #  Name     By         Length',
    ' 9  Clair…   Marisol…     5:04',
    '10  Menuet   Marisol…  1:03:04',
  ])
})

it('cuts no number, however wide', async () => {
  const two: Column[] = [
    { title: 'Name', cells: ['Clair de lune'] },
    { title: 'Played', cells: ['1,234,567,890,123'], isNumber: true },
  ]
  expect((await renderTable(two, 28, plain)).split('\n')).toEqual([
    'Name                  Played',
    'Clair de…  1,234,567,890,123',
  ])
})

it('is as narrow as its cells', async () => {
  const two: Column[] = [
    { title: 'Name', cells: ['Kitchen', 'Den'] },
    { title: 'Volume', cells: ['40', '100'], isNumber: true },
  ]
  expect(await renderTable(two, 80, plain)).toBe('Name     Volume\nKitchen      40\nDen         100')
})

it('leaves out columns without anything, and extra ones where it is narrow', async () => {
  const three: Column[] = [
    { title: 'Name', cells: ['Prélude'] },
    { title: 'Album', cells: ['Suite bergamasque'], isExtra: true },
    { title: 'Year', cells: [''], isNumber: true },
  ]
  expect(await renderTable(three, 60, plain)).toBe('Name     Album\nPrélude  Suite bergamasque')
  expect(await renderTable(three, 59, plain)).toBe('Name\nPrélude')
})

it('keeps right-to-left columns in their order', async () => {
  const two: Column[] = [
    { title: 'Name', cells: ['ضوء'] },
    { title: 'By', cells: ['ليلى'] },
  ]
  expect(await renderTable(two, 80, plain)).toBe('Name  By\nضوء\u200e   ليلى\u200e')
})

it('dims the titles alone', async () => {
  const one: Column[] = [{ title: 'Name', cells: ['Menuet'] }]
  expect(await renderTable(one, 80, new Chalk({ level: 1 }))).toBe('\u001b[2mName\u001b[22m\nMenuet')
})
