# now-playing as tekore does it, from the same login.
import json
import os

import tekore
from tekore._client import base

base.prefix = os.environ["SPOTIFY_API_URL"] + "/"
with open(os.environ["SPOTIFY_AUTH_HOME"] + "/credentials/default.json") as file:
    client = tekore.Spotify(json.load(file)["access_token"])
item = client.playback_currently_playing().item
print(", ".join(artist.name for artist in item.artists), "-", item.name)
