# One's own listings and the watchlist.

mine-title = My listings
mine-states = By state
mine-empty = Nothing here yet
mine-empty-advice = A few photos and two steps, and it is on offer.
watchlist-title = My watchlist
watchlist-empty = You watch nothing yet
watchlist-empty-advice = Choose “Watch this item” on a listing, and see its price and state here later.
watchlist-browse = Have a look around
mine-taken-down = Taken down: { $reason }
