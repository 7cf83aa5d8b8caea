# A listing, and a seller.

photos = { $count ->
    [one] Photos: one
   *[other] Photos: { $count }, swipe to see them
}
photo-go = See photo { $count }
no-photo = The seller added no photo
share = Share
link-copied = Link copied
listing-facts = Condition and origin
defects-none = The seller names none
comparables = Similar ones, last { $count } days
comparables-count = { " " }({ $count ->
    [one] { $count } item
   *[other] { $count } items
})
price-changed = { $count ->
    [one] The price changed once
   *[other] The price changed { $count } times
}
verified-person = Identity verified
verified-licence = Licence verified
unverified = Not verified
seller-sold = { $count } sold
seller-on-offer = { $count } on offer
seller-since = joined { $since }
safety = We hold the money until you have looked at it and confirm; in person, use the six-digit code. If someone asks you to pay elsewhere, to send a deposit or to scan an unknown code, do not.
watch = Watch this item
watch-sign-in = Sign in to watch
unwatch = Stop watching
see-watchlist = Watchlist
see-seller = Seller
more-from-seller = More from this seller
similar = Similar items

act-publish = Publish the listing
act-edit = Edit
act-withdraw = Withdraw
act-relist = Offer again
act-delete = Delete the draft
act-manage = My listings
act-save-draft = Save as draft
act-save-changes = Save the changes
act-cancel = Keep as it was

seller-about = About the seller
seller-offers = On offer
seller-empty = This seller offers nothing at the moment
seller-empty-advice = Have a look at what others offer.
spec-brand = Brand
spec-model = Model
spec-serial = Serial number
spec-quantity = Quantity
spec-reason = Why it is sold
badge-used-goods = Used goods
badge-remanufactured = Remanufactured
listing-notice-held = It waits for a moderator and becomes public after that. We will be quick.
