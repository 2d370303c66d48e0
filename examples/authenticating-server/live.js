// Runs in the browser: shows what is playing as soon as the server says it, and lets the progress move meanwhile.
const place = document.querySelector('#playing')

if (place) {
  const source = new EventSource('/events')
  source.addEventListener('playing', ({ data }) => {
    place.innerHTML = JSON.parse(data)
  })
  source.addEventListener('over', () => location.reload())
  // Whoever logs out here goes on to the page that says so.
  document.querySelector('form').addEventListener('submit', () => source.close())
}

setInterval(() => {
  const bar = document.querySelector('progress[data-moves]')
  if (bar) bar.value += 1
}, 1_000)

// A cover that cannot be loaded leaves its place empty.
addEventListener('error', ({ target }) => target.removeAttribute?.('src'), true)
