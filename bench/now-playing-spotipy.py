# now-playing as spotipy does it, from the same login.
import json
import os

import spotipy

with open(os.environ["SPOTIFY_AUTH_HOME"] + "/credentials/default.json") as file:
    client = spotipy.Spotify(auth=json.load(file)["access_token"])
client.prefix = os.environ["SPOTIFY_API_URL"] + "/"
item = client.current_user_playing_track()["item"]
print(", ".join(artist["name"] for artist in item["artists"]), "-", item["name"])
