// Who may import whom: the one place that says it. `npm run check` holds the code to it, with dependency-cruiser.

/**
 * The floors of the house, from the top down. A file imports only what stands on its own part of a floor, or below it:
 * parts that share a floor do not know each other.
 */
export const floors = [
  ['bin/'],
  ['src/main.ts'],
  ['src/program.ts'],
  ['src/completion/', 'src/index.ts'],
  ['src/commands/', 'src/library/'],
  ['src/command-line/'],
  ['src/login/', 'src/now-playing/', 'src/choose/'],
  ['src/context.ts'],
  ['src/web-api/'],
  ['src/session/'],
  ['src/oauth/'],
  ['src/network/'],
  ['src/settings/'],
  ['src/system/'],
  ['src/terminal/'],
  ['src/untrusted/'],
  ['src/errors.ts'],
]

/** The only files that may import a package; no other package may be imported at all. */
const homes = {
  commander: ['src/command-line/commander.ts'],
  open: ['src/login/browser.ts'],
  conf: ['src/settings/config-file.ts'],
  chalk: ['src/terminal/style.ts'],
  oauth4webapi: ['src/oauth/spotify-accounts.ts'],
  'fastest-levenshtein': ['src/oauth/scopes.ts'],
  'fs-native-extensions': ['src/system/lock-by-addon.ts'],
  '@clack/prompts': [
    'src/login/ask-for-scope.ts',
    'src/login/first-run.ts',
    'src/choose/pick.ts',
    'src/choose/walk.ts',
  ],
  'string-width': ['src/terminal/cells.ts'],
  undici: ['src/network/proxy.ts'],
}

/** The same for modules of Node's that talk to the network. */
const networkHomes = {
  http: ['src/network/http.ts', 'src/login/callback-server.ts'],
  https: [],
  http2: [],
  net: ['src/login/callback-server.ts'],
  tls: [],
  dgram: [],
}

const exactly = (paths) =>
  paths.map((path) => `^${path.replaceAll('.', '\\.')}${path.endsWith('/') ? '' : '$'}`)
const program = '^(bin|src)/'

const downwards = floors.slice(1).flatMap((floor, index) =>
  floor.map((part) => ({
    name: `${part} imports downwards`,
    severity: 'error',
    from: { path: exactly([part]) },
    to: { path: exactly([...floors.slice(0, index + 1).flat(), ...floor.filter((other) => other !== part)]) },
  })),
)

const atHome = Object.entries(homes).map(([name, files]) => ({
  name: `${name} has its home`,
  severity: 'error',
  from: { path: program, pathNot: exactly(files) },
  to: { path: [`(^|/)node_modules/${name}/`, `^${name}$`] },
}))

const networkAtHome = Object.entries(networkHomes).map(([name, files]) => ({
  name: `node:${name} has its home`,
  severity: 'error',
  from: { path: program, pathNot: exactly(files) },
  to: { path: `^(node:)?${name}$`, dependencyTypes: ['core'] },
}))

export default {
  forbidden: [
    ...downwards,
    ...atHome,
    ...networkAtHome,
    {
      name: 'packages are listed',
      severity: 'error',
      from: { path: program },
      to: {
        dependencyTypesNot: ['local', 'core'],
        pathNot: Object.keys(homes).flatMap((name) => [`(^|/)node_modules/${name}/`, `^${name}$`]),
      },
    },
    {
      name: 'every file has a floor',
      severity: 'error',
      from: { path: program, pathNot: exactly(floors.flat()) },
      to: {},
    },
    { name: 'no circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'everything is found',
      severity: 'error',
      from: { path: program },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
    moduleSystems: ['es6'],
    parser: 'swc',
  },
}
