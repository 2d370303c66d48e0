// Programs that start ours under some condition, for the option `under` of the sandbox.

export const withUmask = (mask: string) => ['sh', '-c', `umask ${mask}; exec "$0" "$@"`]

/** No file may grow beyond so many blocks of 512 (in some shells 1024) bytes. */
export const withFileSizeLimit = (blocks: number) => ['sh', '-c', `ulimit -f ${blocks}; exec "$0" "$@"`]

export const isRoot = process.getuid?.() === 0

/** Root may write everywhere; as nobody, the program can be refused. */
export const asNobody = isRoot ? ['setpriv', '--reuid', '65534', '--clear-groups', '--inh-caps=-all'] : []
