/** How a command ends that has done its work and has nothing to say. */
export const success = { code: 0, signal: null, stdout: '', stderr: '' }

/** How a command ends that Spotify has refused something, but for what it says. */
export const refused = { ...success, code: 5 }

/** How a command ends that was called in a wrong way, but for what it says. */
export const misused = { ...success, code: 2 }
