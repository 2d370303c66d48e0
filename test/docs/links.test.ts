import { existsSync } from 'node:fs'
import path from 'node:path'
import GithubSlugger from 'github-slugger'
import { expect, it } from 'vitest'
import { documents, readDocument } from '../support/documents.ts'

/** The page without its blocks of code, in which nothing is a link or a heading. */
function proseOf(file: string): string {
  return readDocument(file).replace(/^ *```[\s\S]*?^ *```$/gm, '')
}

/** What can follow the `#` of a link to the page. */
function anchorsOf(file: string): string[] {
  const slugger = new GithubSlugger()
  return [...proseOf(file).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    slugger.slug(heading.replaceAll('`', '')),
  )
}

/** What is wrong with the links of a text that stands in this file. */
function brokenLinks(file: string, text: string): string[] {
  const targets = [...text.matchAll(/\]\(([^)]+)\)|(?:src|srcset|href)="([^"]+)"/g)].map(
    ([, link, attribute]) => link ?? attribute ?? '',
  )
  return targets.filter((target) => {
    if (/^https?:/.test(target)) return false
    const [name = '', anchor] = target.split('#')
    const page = name ? path.posix.join(path.posix.dirname(file), name) : file
    if (!existsSync(new URL(`../../${page}`, import.meta.url))) return true
    return anchor !== undefined && !anchorsOf(page).includes(anchor)
  })
}

it.for(documents)('every link of %s leads somewhere', (file) => {
  expect(brokenLinks(file, proseOf(file))).toEqual([])
})

it('a link to no file, to no page of docs, or to no heading is found', () => {
  const text =
    '[a](nowhere.md) [b](docs/login.md) [c](README.md#install) [d](#nothing) [e](docs/login.md#nothing)'
  expect(brokenLinks('README.md', text)).toEqual(['nowhere.md', '#nothing', 'docs/login.md#nothing'])
})

it('the README has at most 1,500 words', () => {
  expect(readDocument('README.md').split(/\s+/).length).toBeLessThanOrEqual(1500)
})
