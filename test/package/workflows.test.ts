import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

interface Step {
  uses?: string
  run?: string
}

interface Job {
  needs?: string
  uses?: string
  steps?: Step[]
  container?: { image: string }
  permissions?: Record<string, string>
}

interface Workflow {
  permissions: Record<string, string>
  jobs: Record<string, Job>
}

const directory = new URL('../../.github/workflows/', import.meta.url)
const workflows = Object.fromEntries(
  readdirSync(directory).map((name) => [
    name,
    parse(readFileSync(new URL(name, directory), 'utf8')) as Workflow,
  ]),
)

describe.each(Object.entries(workflows))('%s', (_, { permissions, jobs }) => {
  it('may read, and no more, where no job says otherwise', () => {
    expect(permissions).toEqual({ contents: 'read' })
  })

  it('uses actions and containers that nobody can change', () => {
    const actions = Object.values(jobs).flatMap(({ uses, steps = [] }) => [
      uses,
      ...steps.map((step) => step.uses),
    ])
    const foreign = actions.filter((uses) => uses !== undefined && !uses.startsWith('./'))
    for (const action of foreign) expect(action).toMatch(/@[0-9a-f]{40}$/)
    for (const { container } of Object.values(jobs)) {
      if (container) expect(container.image).toMatch(/@sha256:[0-9a-f]{64}$/)
    }
  })
})

it('only the job that gets the finished package may publish, and it runs nothing of anybody else’s', () => {
  const jobs = Object.entries(workflows).flatMap(([file, workflow]) =>
    Object.entries(workflow.jobs).map(([name, job]) => ({ name: `${file} ${name}`, ...job })),
  )
  const [publish, ...more] = jobs.filter(({ permissions }) => permissions !== undefined)
  expect(more).toEqual([])
  expect(publish).toMatchObject({
    name: 'publish.yml publish',
    needs: 'pack',
    permissions: { 'id-token': 'write' },
  })
  const uses = publish?.steps?.flatMap((step) => step.uses?.split('@')[0] ?? [])
  expect(uses).toEqual(['actions/setup-node', 'actions/download-artifact'])
  expect(publish?.steps?.flatMap(({ run }) => run ?? [])).toEqual([
    'npm publish ./spotify-auth-cli-*.tgz --ignore-scripts --provenance --access public',
  ])
  expect(workflows['publish.yml']?.jobs.pack?.needs).toBe('test')
})
