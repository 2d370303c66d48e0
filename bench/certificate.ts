import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'

/** A certificate for 127.0.0.1 that nobody but its maker trusts. */
export interface Certificate {
  file: string
  cert: Buffer
  key: Buffer
}

/** Makes a certificate and its key in a directory; undefined where there is no openssl. */
export function makeCertificate(directory: string): Certificate | undefined {
  const file = path.join(directory, 'certificate.pem')
  const keyFile = path.join(directory, 'key.pem')
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile]
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  const { status } = spawnSync('openssl', ['req', '-x509', '-days', '2', ...curve, ...subject, '-out', file])
  return status === 0 ? { file, cert: readFileSync(file), key: readFileSync(keyFile) } : undefined
}
