#!/bin/sh
# Prints what is playing, on the login that `spotify-auth login` has stored. Needs curl and jq.
set -eu
api=${SPOTIFY_API_URL:-https://api.spotify.com/v1}
header=$(spotify-auth token --header)
# On standard input, because everybody can read curl's arguments in the list of processes.
answer=$(printf '%s\n' "$header" | curl -sS --fail -H @- "$api/me/player/currently-playing?additional_types=track,episode")
printf '%s' "${answer:-null}" | jq -r '
  if .item then
    ([.item.artists[]?.name] | join(", ")) as $artists
    | "\(if $artists == "" then .item.show.name else $artists end) - \(.item.name)"
    | gsub("[[:cntrl:]]"; "")
  else "Nothing is playing." end'
