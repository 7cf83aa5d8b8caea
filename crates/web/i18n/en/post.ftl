# Posting and editing.

post-title = Post an item
edit-title = Edit the listing
post-step-1 = Step one of two: choose a category
post-step-2 = Step two of two: describe it
pick-intro = What kind of thing is it? In the right category the right people find it.
pick-recent = Categories you used lately

post-photos = Photos
post-photos-hint = Up to { $count }, JPEG, PNG or WebP, 12 MB each. The first is the cover; where it was taken and the like is removed.
post-photos-add = Add photos (room for { $count } more)
photo-cover = Cover
photo-remove = Remove
photo-earlier = Move earlier
photo-later = Move later

post-what = What it is
post-title-label = Title
post-title-hint = Brand, model and what matters most, such as “Giant 26-inch mountain bike, new brakes”.
post-description-hint = How long you used it, why you pass it on, what comes with it. Please no phone number and no WeChat.
serial-imei = IMEI
serial-serial = Serial number
serial-hint-imei = 15 digits: dial *#06# to see it. Only used to recognise the same phone; never shown to others.
serial-hint-serial = Usually on the back or in the settings. Only used to recognise the same thing; never shown to others.

post-state = What state it is in
post-defects-hint = Say it as it is, one a line, such as “a 2 mm dent at the lower left corner (photo 4)”. Plain words save trouble.
post-origin-hint = How it came to you.

post-price = What it costs
price-hint = { $count ->
    [one] One similar item lately asked
   *[other] Most of { $count } similar items lately asked
}
price-hint-middle = The middle is { $price }. The price is yours to set.
post-negotiable = Open to offers

post-delivery = How it gets there
post-place = Which sub-district it is in
post-place-hint = Only the sub-district is shown; the place on a map is moved by about 500 m.
post-rules = By posting you agree to the
screening-refused = “{ $found }” cannot be posted
screening-warned = Please look at “{ $found }”
screening-acknowledge = I have read this, it is true, and I want to go on

post-seller = On whose behalf
brand = Brand
model = Model
post-age = How long it was used
unit-months = months
post-reason = Why you pass it on
post-quantity = How many pieces
post-freight-hint = Not needed when you meet in person.
post-returns-note = What you promise on returns
post-returns-note-hint = For terms of your own: within how many days, and in which cases.
post-price-wrong = Give an amount with at most two decimals, such as 680 or 68.50.
post-number-wrong = Give a whole number.
