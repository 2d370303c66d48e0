# now-playing as a shell script does it without spotify-auth, from the same login.
token=$(jq -r .access_token "$SPOTIFY_AUTH_HOME/credentials/default.json")
curl -sf -H "Authorization: Bearer $token" \
  "$SPOTIFY_API_URL/me/player/currently-playing?additional_types=track,episode" |
  jq -r '([.item.artists[].name] | join(", ")) + " - " + .item.name'
