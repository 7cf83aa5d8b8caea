# Around every page.

product-name = Lühuan
product-short = Lühuan
product-description = Used goods and reuse in Beijing: pass on what you no longer need to its next owner.
product-line = Lühuan, one more round through the city for good things.
demo-notice = This is a demo city: people, goods and places are made up.

skip-to-content = Skip to content
nav-main = Main
nav-tabs = Tabs
nav-foot = Footer
nav-crumbs = You are here
nav-market = Used goods
nav-categories = Categories
nav-watchlist = Watchlist
nav-post = Sell
nav-me = Me
nav-sign-in = Sign in
nav-rules = Rules
nav-privacy = Privacy notice
nav-api = API

tab-home = Home
tab-search = Search
tab-post = Sell
tab-me = Me

search-label = Search used goods
search-placeholder = Search, e.g. “kids bike”
search-go = Search

theme-label = Colours
theme-auto = As the device
theme-light = Light
theme-dark = Dark
trace-id = Trace id

# What was just done, told once on the next page.
flash-watched = On your watchlist
flash-unwatched = Off your watchlist
flash-published = Published
flash-saved = Saved
flash-withdrawn = Withdrawn
flash-relisted = On offer again
flash-signed-up = Welcome to Lühuan; your account is ready
flash-signed-out = You are signed out
flash-code-sent = The code is on its way
flash-password-dropped = You are signed in. The password set before you proved this login is yours no longer holds, as another may have set it; please set a new one
flash-password-changed = The password is changed, and your other devices are signed out
flash-session-ended = That device is signed out
flash-sessions-ended = All other devices are signed out
flash-token-revoked = The token is revoked
flash-profile-saved = Your profile is saved
flash-identity-saved = Your identity is on file
flash-consents-saved = Your choices are saved
flash-erased = Your account is closed; thank you for having used Lühuan
flash-organisation-created = The organisation is created
flash-organisation-saved = The name is saved
flash-licence-saved = The licence is on file
flash-member-added = The member is added
flash-member-changed = The role is changed
flash-member-removed = The member is removed
flash-organisation-left = You have left the organisation
