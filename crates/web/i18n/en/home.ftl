# The first page and the categories.

home-title = Lühuan: used goods in Beijing
home-call = Post what you no longer use
home-call-where = Someone nearby needs it
home-call-place = { $place } · someone nearby needs it
home-call-how = A few photos · see what others ask · two steps
home-near = New near you
home-by-distance = By distance
home-fresh = Just in
home-all = See all
home-more = See all { $count }
home-empty = Nothing here yet
home-empty-advice = Post the first thing and it shows up here at once.

categories-title = All categories
categories-jump = Jump to a category
