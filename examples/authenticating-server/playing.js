import { escapeHtml } from './page.js'

/** What is playing, for people. */
export function renderPlaying(playback) {
  if (!playback?.title) return '<h2>Nothing is playing.</h2>'
  const { album, artists, image, show, state, title } = playback
  const cover = image ? `<img class="cover" src="${escapeHtml(image)}" alt="">` : '<div class="cover"></div>'
  return `${cover}
<h2>${escapeHtml(title)}</h2>
<p>${escapeHtml(artists.join(', ') || show || 'Unknown')}</p>
<p>${escapeHtml(album ?? '')}</p>
${renderProgress(playback)}
${state === 'paused' ? '<p>Paused</p>' : ''}`
}

/** In seconds; `data-moves` lets it go on by itself. */
function renderProgress({ durationMs, fetchedAtMs, progressMs, state }) {
  if (!durationMs || progressMs === null) return ''
  const isPlaying = state === 'playing'
  const atMs = progressMs + (isPlaying ? Date.now() - fetchedAtMs : 0)
  const [value, max] = [atMs, durationMs].map((ms) => Math.floor(ms / 1000))
  return `<progress aria-label="Progress" value="${value}" max="${max}"${isPlaying ? ' data-moves' : ''}></progress>`
}
