# Why not
problem-trade-step = This step is not possible now
    .detail = The order is { trade-state } now and cannot take this step. Reload it and use the buttons it shows.
trade-state = { $state ->
        [created] waiting to be paid
        [paid] paid
        [shipped] on its way
        [handover_ready] ready to be handed over
        [received] received
        [refund_requested] waiting for the seller to answer a refund request
        [returning] waiting for the goods to be sent back
        [return_shipped] waiting for the goods to come back
        [disputed] in dispute
        [jury] before the jury
        [deciding] being decided
        [ruled] ruled on
        [appealed] under appeal
        [settled] settled
        [closed] closed
        [refunded] refunded
        [cancelled] cancelled
        [expired] expired
       *[other] { $state }
    }
problem-trade-too-early = Not yet
    .detail = The seller still has time to ship. After { $at } you can call it off yourself; until then you can ask for your money back.
problem-trade-gone = Somebody was faster
    .detail = It has just been ordered by somebody else, or taken off. Have a look at similar ones.
problem-trade-price-changed = The price has changed
    .detail = The total is ¥{ $now } now. Confirm the new price and order again.
problem-trade-own-goods = This is your own
    .detail = You cannot buy, make an offer for, or ask about what you sell yourself.
problem-trade-blocked = You cannot reach each other
    .detail = One of you has blocked the other: no messages, offers or orders.
problem-trade-not-negotiable = The price is fixed
    .detail = The seller does not haggle. Buy at the price asked.
problem-trade-offer-state = The offer has moved on
    .detail = The state of this offer has changed. Reload it.
problem-trade-others-turn = It is the other's turn
    .detail = You named this price. Wait for the other to accept, counter or decline.
problem-trade-offer-open = You have an offer on the table
    .detail = Your offer for this is not over yet. Wait for the answer, or take it back.
problem-trade-flaws = Confirm the flaws first
    .detail = The seller states these flaws: { $flaws }. Confirm that you know and accept them, then pay.
problem-trade-payment-pending = The last payment has no outcome yet
    .detail = The payment provider has not told us yet whether the last payment went through. Wait and do not pay again; the order will move by itself.
problem-trade-code-wrong = Wrong handover code
    .detail = That is not the code; { $left } more tries. Ask the buyer to open the order and compare the six digits.
problem-trade-code-locked = The handover code is locked
    .detail = Too many wrong codes. Ask the buyer to confirm receipt on the order's page.
problem-trade-nothing-held = We hold no money for this
    .detail = This order was paid from hand to hand. Settle a refund with each other in person.
problem-trade-talk-first = Ask the seller first
    .detail = Ask for a refund first. When the seller has refused, you can ask for a decision.
problem-trade-extended = Extended already
    .detail = The time can be extended once. If something is wrong, ask for a refund.
problem-trade-not-for-jury = Not for the jury
    .detail = The jury takes small disputes while evidence is given, when both agree. All others are decided by us.
problem-trade-no-jurors = Not enough jurors today
    .detail = Not enough jurors are free today. We will decide the dispute; or choose the jury again tomorrow.
problem-trade-juror-not-eligible = You cannot be a juror yet
    .detail = Jurors have been here for 90 days and have finished a few trades well.
problem-trade-voted = You have voted
    .detail = A juror votes once in a case.
problem-trade-reviewed = You have reviewed this
    .detail = Each side reviews an order once.
problem-trade-review-closed = Reviews are closed
    .detail = You can write a review for 15 days after the order is settled.
problem-trade-replied = You have replied
    .detail = A review gets one reply.
problem-trade-nothing-to-invoice = Nothing to invoice
    .detail = Invoices come after settlement; what was invoiced or refunded is not invoiced again. Private sellers cannot issue invoices; the order is your receipt.

# Filling in
trade-words-required = Say it in a few words.
trade-too-many = At most { $max }.
trade-nothing = Choose at least one thing.
trade-bundle-sellers = What goes into one order comes from one seller.
trade-delivery = Not all of it can be delivered this way. Choose another.
trade-offer-listing = An order by an offer holds the one thing that the offer is for.
trade-address-required = Fill in where it is sent.
trade-phone = Give a mobile number of 11 digits, or a landline with its area code.
trade-face-to-face = Paying in person is for handing over in person.
trade-ship-pickup = This order is handed over in person. Agree on a place and use the handover code.
trade-carrier = Choose a carrier from the list.
trade-tracking = A tracking number has 6 to 32 letters and digits.
trade-meet-past = The time to meet lies in the future.
trade-code-needed = An order that is paid in person is confirmed with the other's code.
trade-amount-range = The amount is between ¥0 and ¥{ $most }.
trade-nothing-to-return = It has not been sent yet; ask for the money alone.
trade-stars = Choose 1 to 5 stars.
trade-invoice-number = An invoice number has 20 digits.
trade-invoice-usc = This is not a valid credit code.
trade-invoice-email = Give a valid e-mail address.
trade-jury-rule = Jurors have been here for { $days } days and have finished { $trades } trades or more.

problem-account-has-orders = Orders are under way
    .detail = Finish or cancel your orders, as a buyer and as a seller, before you close the account.
