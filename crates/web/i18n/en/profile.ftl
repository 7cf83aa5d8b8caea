# One's own account.

me-title = Me
me-menu = My pages
me-on-offer = on offer
me-drafts = drafts
me-watching = watching
me-edit = Profile
me-save = Save the profile
seller-kind = What kind of seller you are
seller-shop = The organisation you sell for
seller-shop-hint = Used with “Shop” only; buyers see its licence.
organisations = Organisations
organisations-none = A shop, a recycler, a mall or a market can be run by several people together.
identity = Identity
identity-verify = Verify your identity
identity-why = People trade with more trust when you are verified. Your identity number is stored encrypted, used only to verify you, and shown with its middle hidden.
identity-go = Send for verification
real-name = Real name
id-number = Identity number
id-number-hint = 18 characters; the last may be X.
consent-identity = I separately agree that my identity number (sensitive personal information) is processed to verify me

security-title = Sign-in and security
sessions = Devices signed in
session-current = this device
session-revoke = Sign it out
session-revoke-others = Sign out all other devices
password-change = Change the password
password-current = Present password
password-new = New password
password-go = Change the password
tokens = API tokens
tokens-hint = They let programs act for you. Give each only what it needs, and revoke it when it is done.
token-made = The token is made
token-once = It is shown this once: copy it now.
token-new = New token
token-name = What it is for
token-name-hint = For yourself, such as “shop stock sync”.
token-scopes = What it may do
token-lifetime = Holds for
token-go = Make the token
token-revoke = Revoke
token-expired = expired
token-forever = does not expire
token-until = holds until { $date }
token-used = last used { $date }
token-unused = not used yet
token-days = { $count ->
    [one] one day
   *[other] { $count } days
}
proof-code = Code
proof-code-to = You have no password, so a code shows that it is you; it is sent to { $to }.

privacy-title = Privacy and data
consents = What you agreed to
consents-hint = You can withdraw at any time; what was done before stays lawful, and what does not need it goes on working.
consent-required = The service cannot be rendered without it; it ends with the account.
consent-since = Since { $date }.
consents-save = Save the choices
export = Download my data
export-hint = Your profile, listings, watchlist, consents and sign-ins in one file (JSON) that programs can read too. It holds your numbers whole: keep it safe.
export-go = Download
erase = Close my account
erase-hint = Deletes your profile, photos, watchlist and sign-ins, and withdraws your listings. This cannot be undone.
erase-kept = What the law asks us to keep is stored and not used:
erase-open = I want to close my account
erase-confirm = I know that this cannot be undone
erase-go = Close my account for good
erase-confirm-missing = Tick this to say that you know it cannot be undone
erase-blocked = You are the only owner of { $names }. Make another member an owner first, then close your account.
erase-kept-trade = Records of trades and services: three years after they end (E-Commerce Law, art. 31)
erase-kept-consent = When consents were given and withdrawn: no longer saying by whom, to show that what was done was lawful

scope-read = Read
scope-listings = Post and change
scope-account = Manage the account
scope-staff = Use city-wide roles
scope-means-read = see what you may see
scope-means-listings = post, edit and withdraw your things
scope-means-account = change your profile, organisations and credentials: take care
scope-means-staff = act with your role in the city: take care
