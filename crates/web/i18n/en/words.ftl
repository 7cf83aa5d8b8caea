# Words shared by all pages: time, states, roles, units.

ago-now = just now
ago-minutes = { $count ->
    [one] { $count } minute ago
   *[other] { $count } minutes ago
}
ago-hours = { $count ->
    [one] { $count } hour ago
   *[other] { $count } hours ago
}
ago-yesterday = yesterday
ago-days = { $count ->
    [one] { $count } day ago
   *[other] { $count } days ago
}

yes = Yes
no = No
choose = Please choose
not-said = Not said
change = Change
optional = optional
copy = Copy
copied = Copied
back = Back

state-all = All
state-draft = Draft
state-published = On offer
state-reserved = Reserved
state-sold = Sold
state-withdrawn = Withdrawn
state-expired = Expired

seller-private = Private seller
seller-natural_person_trader = Small trader
seller-registered_merchant = Shop
seller-means-private = The seller is a private person passing on their own things: there is no legal right to return within seven days; what you agree on and our rules apply.
seller-means-natural_person_trader = The seller trades in a small way and need not register by law, but is a trader all the same: consumer law applies.
seller-means-registered_merchant = The seller is a registered merchant whose licence is shown, with all duties of a trader, among them returns within seven days for no reason.

organisation-seller-shop = Shop
organisation-recycler = Recycler
organisation-mall = Mall
organisation-market = Used-goods market
organisation-packaging-operator = Reusable packaging operator

member-owner = Owner
member-manager = Manager
member-dispatcher = Dispatcher
member-collector = Collector
member-clerk = Clerk

licence-none = Not given
licence-fits = Check digit fits
licence-odd = Check digit does not fit, to be verified by hand

views = { $count ->
    [one] { $count } view
   *[other] { $count } views
}
watches = { $count } watching
condition = Condition
defects = Defects
origin = Origin
category = Category
description = Description
delivery = Delivery
freight = Freight
returns = Returns
price = Price
original-price = Price when new
negotiable = Negotiable
role = Role
phone = Phone
email = E-mail
login = Phone or e-mail
password = Password

pager-label = Pages
pager-first = Back to the start
pager-next = Next page

chart-table-below = A table with the same figures follows the chart.
chart-show-table = Show the figures
chart-price = Price
chart-count = Items
chart-since = Since
histogram-title = How prices are spread
price-history = How the price changed

form-errors = { $count ->
    [one] One thing needs your attention; what you entered is kept
   *[other] { $count } things need your attention; what you entered is kept
}
card-was = Price when new

returns-none = No returns
returns-7_day = Seven days, for no reason
returns-custom = Terms of my own
returns-means-none = None; if it differs from the description it may still be returned
returns-means-7_day = Within seven days of receipt, for no reason; what is promised binds
returns-means-custom = As the seller states
flag-true = Yes
flag-false = No

left-minutes = { $count ->
    [one] { $count } minute left
   *[other] { $count } minutes left
}
left-hours = { $count ->
    [one] { $count } hour left
   *[other] { $count } hours left
}
left-days = { $count ->
    [one] { $count } day left
   *[other] { $count } days left
}
day-today = today
day-tomorrow = tomorrow
weekday-1 = Mon
weekday-2 = Tue
weekday-3 = Wed
weekday-4 = Thu
weekday-5 = Fri
weekday-6 = Sat
weekday-7 = Sun
