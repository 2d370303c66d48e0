// now-playing as nothing but a request: what the program's own work is measured against.
const { URL_TO_GET, ACCESS_TOKEN } = process.env
const { get } = process.getBuiltinModule(URL_TO_GET.startsWith('https:') ? 'node:https' : 'node:http')

get(URL_TO_GET, { headers: { authorization: `Bearer ${ACCESS_TOKEN}` } }, (response) => {
  let text = ''
  response.on('data', (chunk) => {
    text += chunk
  })
  response.on('end', () => {
    const { artists, name } = JSON.parse(text).item
    process.stdout.write(`${artists.map((artist) => artist.name).join(', ')} - ${name}\n`)
  })
})
