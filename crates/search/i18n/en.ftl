search-near = Write it as "lat,lon", such as 39.9,116.46; it is needed to sort by distance or to keep within a radius.
search-radius = A radius is 1 to 200000 metres.
search-box = Write it as four degrees: "south,west,north,east".
search-sort = Sort by relevance, newest, price_asc, price_desc or distance.
search-number = Give a whole number that is not negative.
search-attr = Write it as "attribute:value", such as storage:128gb; a range as battery:80..100.
search-seller = That is no seller's id.
