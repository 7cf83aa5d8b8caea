# Search results.

filters = Filters
filters-close = Close the filters
filters-show = Show results
filters-clear = Clear the filters
filters-chosen = Chosen filters
chip-remove = Remove filter:
facet-all = All
facet-more = { $count } more
facet-price = Price (yuan)
facet-near = Near
min-price = Lowest
max-price = Highest
near-label = Near which sub-district
near-anywhere = Anywhere
radius-label = How far
found = { $count ->
    [one] { $count } item
   *[other] { $count } items
}
sort-change = Change the sorting
did-you-mean = Did you mean
nothing-for = Nothing found for “{ $words }”
nothing-here = Nothing here yet
nothing-advice = Try other or fewer words, or browse the categories.
nothing-advice-filters = The filters may be too narrow: remove some and look again.
nothing-browse = Browse the categories
search-degraded = The search engine is away for the moment. These come from a plain look-up and may be incomplete, without counts. It comes back by itself.
search-rebuilding = The search index is being rebuilt, { $count }% done; results may be incomplete for now.
search-place-unknown = We did not recognise the place you gave, so distance was left out.
search-all = All used goods
facet-category = Category
facet-condition = Condition
facet-district = District
facet-delivery = Delivery
sort-relevance = Best match
sort-newest = Newest
sort-price_asc = Price, low to high
sort-price_desc = Price, high to low
sort-distance = Nearest
chip-near = Near me
chip-within = Within { $distance }
