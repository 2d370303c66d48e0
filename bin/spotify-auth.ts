#!/usr/bin/env node
import { resolve } from 'node:path'
import type { main } from '../src/main.ts'
import { requireCompiled } from './compiled-code.ts'

/** A digest of `main.cjs`, by build.js. */
declare const build: string

const program = requireCompiled(resolve(__dirname, 'main.cjs'), build) as { main: typeof main }
void program.main(process)
