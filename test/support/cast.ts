/** A public app: PKCE, no secret. */
export const publicApp = { clientId: '0ada0000000000000000000000000001', name: 'Night Shift' }

/** An app with a secret, sent as HTTP Basic. */
export const confidentialApp = {
  clientId: '0ada0000000000000000000000000002',
  clientSecret: '0ada5ec2e70000000000000000000002',
  name: 'Day Shift',
}

/** Whose account it is where nobody says otherwise. */
export const listener = { id: 'ada.lovelace', display_name: 'Ada Lovelace' }

/** Somebody else, who can be chosen on the consent page. */
export const otherListener = { id: 'grace.hopper', display_name: 'Grace Hopper' }

/** Everybody who has an account here. */
export const listeners = [listener, otherListener]

/** Every scope of the Web API. */
export const scopes = [
  'ugc-image-upload',
  'user-read-playback-state',
  'user-modify-playback-state',
  'user-read-currently-playing',
  'app-remote-control',
  'streaming',
  'playlist-read-private',
  'playlist-read-collaborative',
  'playlist-modify-private',
  'playlist-modify-public',
  'user-follow-modify',
  'user-follow-read',
  'user-read-playback-position',
  'user-top-read',
  'user-read-recently-played',
  'user-library-modify',
  'user-library-read',
  'user-read-email',
  'user-read-private',
  'user-personalized',
]
