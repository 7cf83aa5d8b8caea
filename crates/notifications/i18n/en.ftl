# Notifications: a sentence in the inbox, and what can be done now
notification-title = “{ $title }”
notification-no-title = an item
notification-mail-choose = To get fewer of these mails, choose here: { $link }
notification-mail-footer = This mail was sent by a program. To get fewer, choose under Me.
notification-topic-trade = Trade
    .detail = Offers, orders, payments, your listings and what you watch
notification-topic-messages = Messages
    .detail = Conversations with buyers and sellers
notification-topic-account = Account
    .detail = Sign-ins, roles, organisations and webhooks

notification-offer-made = Somebody offers { $amount } for { $title }
    .detail = You have 24 hours to accept, counter or decline; then the offer lapses.
notification-offer-countered = A new amount for { $title }: { $amount }
    .detail = You have 24 hours to accept, counter or decline; then the offer lapses.
notification-offer-accepted = The offer was accepted: { $title } for { $amount }
    .detail = It is reserved at this price. The buyer orders and pays before the time is over.
notification-offer-declined = The offer for { $title } was declined
    .detail = Buy at the asking price, or try another amount.
notification-offer-lapsed = Your offer for { $title } has lapsed
    .detail = There was no answer within 24 hours. Make another offer if you still want it.
notification-message = { $several ->
    [yes] { $count } new messages about { $title }
   *[no] A new message about { $title }
 }
    .detail = Open the conversation to read and answer. Deals made here are protected.
notification-order-created = Somebody ordered { $title }
    .detail = The buyer has yet to pay; you will be told.
notification-order-to-pay-at-handover = { $title } will be paid for in person
    .detail = Agree on a time and place with the buyer; goods and money change hands there.
notification-order-paid = Paid: { $title } ({ $amount })
    .detail = The money is held for you. Ship it as agreed, or meet to hand it over.
notification-order-expired = Not paid in time, and closed: { $title }
    .detail = It is on offer again.
notification-order-cancelled = The order for { $title } was called off
    .detail = What was paid goes back the way it came.
notification-order-shipped = { $title } is on its way
    .detail = Look it over when it arrives, and confirm when all is well.
notification-order-arranged = The handover of { $title } is arranged
    .detail = Time and place stand in the order. Give the code only once you have looked at the goods.
notification-order-checked-in = The other is at the place agreed on for { $title }
    .detail = Check in on the order's page when you arrive.
notification-order-handed-over = { $title } was handed over
    .detail = Speak up within the time given if something is wrong.
notification-order-received = The buyer has received { $title }
    .detail = The money will be settled to you by the rules.
notification-order-extended = The buyer needs longer to confirm { $title }
    .detail = The new date stands in the order.
notification-order-settled = Settled: { $title } ({ $amount })
    .detail = The money is in your account; see your wallet.
notification-refund-requested = The buyer asks for money back: { $title } ({ $amount })
    .detail = Agree, refuse or negotiate in time; after that the rules decide.
notification-refund-withdrawn = The buyer took the request back: { $title }
    .detail = The order goes on.
notification-refund-refused = The seller refuses to refund { $title }
    .detail = Go on talking, or ask for a decision.
notification-return-agreed = The seller agrees to take { $title } back
    .detail = Send it back in time, and note the tracking number.
notification-return-lapsed = The return of { $title } has lapsed
    .detail = It was not sent back in time; the order goes on by the rules.
notification-order-sent-back = { $title } is on its way back to you
    .detail = Look it over when it arrives and confirm; the money then goes back.
notification-order-refunded = Refunded: { $title } ({ $amount })
    .detail = The money goes back the way it came; how soon is up to the provider.
notification-dispute-opened = The other asks for a decision on { $title }
    .detail = Tell your side and add evidence in time.
notification-dispute-dropped = The dispute on { $title } was dropped
    .detail = The order goes on.
notification-jury-called = The jury is voting on { $title }
    .detail = You will be told the outcome.
notification-dispute-referred = Staff will decide on { $title }
    .detail = You will be told the outcome.
notification-dispute-resolved = The dispute on { $title } is decided
    .detail = The reasons and the split stand in the order. You may appeal once, in time.
notification-ruling-accepted = The other accepts the ruling on { $title }
    .detail = The money will move as ruled.
notification-ruling-appealed = The other appeals against the ruling on { $title }
    .detail = Staff will decide for good.
notification-order-reviewed = The other has reviewed { $title }
    .detail = You can read it once both have written or the time is over. Write yours.
notification-review-replied = Your review of { $title } was replied to
    .detail = Open the order to read it.
notification-review-hidden = Your review of { $title } was hidden
    .detail = The reason stands in the order.
notification-jury-drawn = You are asked to judge a dispute
    .detail = Open the case, look at the evidence of both, and vote. Neither learns who you are.
notification-payment-declined = The payment of { $amount } was declined
    .detail = Try another way of paying, or again later. Nothing was charged.
notification-payment-failed = The payment of { $amount } failed
    .detail = Nothing was charged. Order again, or pay another way.
notification-payment-unknown = The outcome of the payment of { $amount } is not known yet
    .detail = We are asking the provider. Do not pay again; you will be told.
notification-topped-up = Topped up: { $amount }
    .detail = See your wallet.
notification-refund-settled = The refund of { $amount } has arrived
    .detail = See the account you paid from, or your wallet.
notification-refund-failed = The refund of { $amount } did not go through
    .detail = The money is safe with us; staff will see to it.
notification-payout-paid = Paid out: { $amount }
    .detail = See your bank account.
notification-payout-failed = The payout of { $amount } did not go through
    .detail = The money is back in your wallet. Check the account and try again.
notification-points-ending = Some of your green points end soon
    .detail = Use them in time; your wallet says how many.
notification-listing-expired = { $title } is off: its time is over
    .detail = Relist it in one tap; or have it collected if you no longer want to sell.
notification-listing-taken-down = { $title } was taken down
    .detail = The reason stands on its page. Mend it and submit it again.
notification-listing-held = { $title } waits for a moderator
    .detail = Others cannot see it until then. There is nothing you need to do.
notification-listing-cleared = { $title } has been cleared
    .detail = Others can see it now.
notification-price-dropped = Cheaper now: { $title }, { $from } → { $to }
    .detail = It is on your watchlist.
notification-signed-in = Your account was signed in to on a new device
    .detail = If it was not you, end that session at once and change your password.
notification-role-granted = You were granted a role: { $role ->
    [administrator] administrator
    [moderator] moderator
    [support] support
    [assessor] assessor
    [authority] authority
    [statistician] statistician
   *[other] { $role }
 }
    .detail = It is in force at once.
notification-role-revoked = A role of yours was taken back: { $role ->
    [administrator] administrator
    [moderator] moderator
    [support] support
    [assessor] assessor
    [authority] authority
    [statistician] statistician
   *[other] { $role }
 }
    .detail = Ask an administrator if this surprises you.
notification-member-placed = You joined an organisation, or your role there changed
    .detail = See it under Me.
notification-member-removed = You no longer belong to an organisation
    .detail = Ask its owner if this surprises you.
notification-webhook-failing = A webhook was switched off: it took nothing for too long
    .detail = Mend the receiver, switch it on again, and replay what it missed.

# Webhooks
notifications-url = Give an address that begins with https:// and holds no name or password.
notifications-url-closed = This address is not on the open internet; nothing can be posted there.
notifications-text-too-long = Too long: { $max } characters at most.
notifications-text-control = It contains characters that cannot be shown; remove them.
notifications-events-count = Choose 1 to { $max } events.
notifications-event-pattern = “{ $pattern }” names no event. Write *, trade.*, or a name such as trade.order_paid.
notifications-range = The end comes after the beginning.
notifications-too-many-ids = At most { $max } at once.
notifications-read-one = Give exactly one of ids, until and subject.
notifications-subject-kind = There is no such kind of thing.

problem-notifications-too-many-webhooks = Too many webhooks
    .detail = A person or organisation has { $max } at most. Take away one that is not used.
problem-notifications-webhook-off = The webhook is switched off
    .detail = Switch it on first, and try again.
problem-notifications-too-many-streams = Too many open pages
    .detail = Too many pages of this account follow the badge at once. Close some, or try again in a minute.
