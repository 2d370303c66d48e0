/**
 * oidc-provider warns on import about every Node release that is not an LTS from 22 on,
 * and has no setting for it. That one line is held back, and only while the import runs.
 */
async function importQuietly() {
  const { warn } = console
  console.warn = (...line) => {
    if (!String(line[0]).includes('oidc-provider WARNING: Unsupported runtime')) warn(...line)
  }
  try {
    return await import('oidc-provider')
  } finally {
    console.warn = warn
  }
}

export const { Provider, errors, interactionPolicy } = await importQuietly()
