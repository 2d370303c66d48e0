import type { Command } from '../command-line/command.ts'
import type { Context } from '../context.ts'
import { openStyle } from '../terminal/style.ts'
import { renderTable } from '../terminal/table.ts'
import { printableJson, sanitize } from '../untrusted/sanitize.ts'
import { type Device, listDevices } from '../web-api/player.ts'

export const devicesCommand: Command<{ json?: boolean }> = {
  name: 'devices',
  summary: 'list the devices on which Spotify is open',
  flags: {},
  examples: [
    ['spotify-auth devices', 'which there are'],
    ['spotify-auth play --device kitchen', 'go on in the kitchen'],
  ],
  run: devices,
}

async function devices(context: Context, options: { json?: boolean }): Promise<void> {
  const { stdout, stderr } = context
  const found = await listDevices(context)
  if (options.json) return stdout.write(`${printableJson(found.map(deviceFields))}\n`)
  if (found.length === 0) return stderr.write('Spotify is open on none of your devices.\n')
  if (!stdout.isTerminal) return stdout.write(found.map(plainLine).join(''))
  const column = (title: string, cell: (device: Device) => string) => ({
    title,
    cells: found.map((device) => sanitize(cell(device))),
  })
  const columns = [
    column('Name', ({ name }) => name),
    column('Type', ({ type }) => type),
    { ...column('Volume', ({ volumePercent }) => volumePercent?.toString() ?? ''), isNumber: true },
    column('', stateOf),
  ]
  stdout.write(`${await renderTable(columns, stdout.columns, await openStyle(context))}\n`)
}

function plainLine(device: Device): string {
  const cells = [device.id ?? '', device.name, device.type, stateOf(device)]
  return `${cells.map(sanitize).join('\t')}\n`
}

function stateOf({ isActive, isRestricted }: Device): string {
  if (isRestricted) return 'not controllable'
  return isActive ? 'active' : ''
}

function deviceFields({ isActive, isRestricted, volumePercent, ...device }: Device) {
  return { ...device, is_active: isActive, is_restricted: isRestricted, volume_percent: volumePercent }
}
