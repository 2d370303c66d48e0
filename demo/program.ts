import { type ChildProcess, spawn } from 'node:child_process'
import { programFile } from '../test/support/sandbox.ts'
import { publicApp, type StandIn } from '../test/support/stand-in.ts'

/** A command of the built program that runs. */
export interface Program {
  child: ChildProcess
  /** Its exit code, once it is gone. */
  ended: Promise<number>
}

/** Starts the built program; when the signal aborts, it is told to end. */
export function startProgram(
  args: string[],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
  stderr: 'inherit' | 'pipe',
): Program {
  const child = spawn(process.execPath, [programFile, ...args], {
    env,
    signal,
    stdio: ['ignore', 'inherit', stderr],
  })
  const ended = new Promise<number>((resolve) => {
    // The abort arrives here as an error; what counts is the end that follows.
    child.on('error', () => {})
    child.on('close', (code) => resolve(code ?? 1))
  })
  return { child, ended }
}

/** The user's environment, in which a program reaches the stand-in instead of Spotify and knows an app there. */
export function demoEnvironment(standIn: StandIn['env']): NodeJS.ProcessEnv {
  const { env } = process
  const rest = Object.entries(env).filter(([name]) => !name.startsWith('SPOTIFY_'))
  const noProxy = [env.no_proxy ?? env.NO_PROXY, '127.0.0.1'].filter(Boolean).join(',')
  return {
    ...Object.fromEntries(rest),
    no_proxy: noProxy,
    NO_PROXY: noProxy,
    SPOTIFY_CLIENT_ID: publicApp.clientId,
    ...standIn,
  }
}
