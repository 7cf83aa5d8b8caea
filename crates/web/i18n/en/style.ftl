# The design system.

style-title = Design system
style-intro = All pages are made of these parts; they live in one stylesheet, in light and in dark.
style-mark = The mark
style-colours = Colours
style-type = Type
style-buttons = Buttons
style-inputs = Forms
style-chips = Chips
style-cards = Cards
style-notices = Notices
style-charts = Charts
style-icons = Icons
style-sample = Pass it on to its next owner
style-fault = Two decimals at most, such as 12.30.
style-notice-good = Published: people nearby can see it now.
style-notice-info = The index is being rebuilt; results may be incomplete.
style-notice-warning = A 2 mm dent at the lower left corner (photo 4).
style-notice-danger = Not saved: the price must be above 0. What you entered is kept.
