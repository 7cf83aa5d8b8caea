
# Attributes of a category
listing-attribute-required = Fill this in. It is needed before publishing.
listing-attribute-unknown = Nothing called “{ $attribute }” is asked for in this category.
listing-attribute-option = “{ $value }” is not among the options. Choose one from the list.
listing-attribute-range = Give a number from { $min } to { $max } ({ $unit }).
listing-attribute-type = This is not the kind of value that belongs here. Fill it in as the hint says.
listing-text-too-long = Too long: { $max } characters at most.

# Photos
listing-photo-too-many-bytes = The photo has { $found } MiB; at most { $limit } MiB are taken. Compress it and try again.
listing-photo-too-many-pixels = The photo has { $width } × { $height } pixels; at most { $limit } megapixels are taken. Make it smaller and try again.
listing-photo-side-too-long = The photo has { $width } × { $height } pixels; at most { $limit } are taken on a side. Crop it and try again.
listing-photo-too-much-memory = The way this photo is stored takes too much memory. Save it as an ordinary JPEG and try again.
listing-photo-not-a-picture = This file is not a picture. Upload a JPEG, PNG or WebP photo.
listing-photo-unsupported-format = { $format } pictures are not taken. Save it as JPEG, PNG or WebP and try again.
listing-photo-truncated = The photo is not complete; perhaps the upload was cut off. Upload it again.
listing-photo-damaged = The photo is damaged and cannot be opened. Choose another.

# Contact details in texts
listing-contact-in-text = Leave out contact details ({ $found }). Buyers reach you here, and when you trade elsewhere we can hardly help.

# Filling in
listing-title-required = Write a title: one line that says what it is.
listing-category-required = Choose a category.
listing-category-leaf = Choose a category of the last level.
listing-unknown-code = There is no "{ $code }" here; choose from the list.
listing-required-to-publish = Fill this in before publishing.
listing-returns-note-required = Say in your own words when you take it back.
listing-defects-required = This condition needs at least one defect stated.
listing-price-range = The price is between ¥0.01 and ¥{ $max }.
listing-quantity-range = The quantity is a whole number from 1 to { $max }.
listing-age-range = The age is 0 to 1200 months.
listing-too-many = At most { $max }.
listing-text-control = It contains characters that cannot be shown; remove them.
listing-location = Latitude is -90 to 90 and longitude -180 to 180.
listing-imei = An IMEI has 15 digits and a check digit. Dial *#06# to see it.
listing-serial = A serial number has at most 64 characters.
listing-unknown-item = No such item of yours.
listing-statement-required = { $statement ->
    [registration-transfer] Confirm first that the papers are complete and the registration can be transferred.
   *[other] Confirm “{ $statement }” first.
 }
listing-reason-required = Say why it is taken down; the seller will read it.
photo-missing = Choose a photo.
photo-has-code = The photo shows a QR code. Crop it away: deals made here are protected.

problem-listing-state = Not possible now
    .detail = The listing is { $state }, so it cannot { $move }. Reload and look again.
problem-listing-not-editable = It can no longer be changed
    .detail = The listing is { $state } and can no longer be changed.
problem-listing-prohibited = Not published: prohibited or restricted goods
    .detail = "{ $word }" meets this rule: { $rule-en }
problem-photo-refused = The photo was not taken
    .detail = The photo cannot be used for the reason below. All else is kept; try another one.
problem-listing-photos-full = No room for another photo
    .detail = A listing shows at most 9 photos. Remove one first.
problem-listing-item-listed = The item is on offer already
    .detail = One item is on offer once at a time. Withdraw the other listing first.
