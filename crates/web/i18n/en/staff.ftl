# The staff's desk: moderation, reports, disputes, reviews, the ledger.

nav-staff = Staff
staff-title = Staff
staff-desks = The desks
staff-desk-home = Overview
staff-desk-listings = Listings
staff-desk-reports = Reports
staff-desk-disputes = Disputes
staff-desk-reviews = Reviews
staff-desk-process = Order process
staff-desk-ledger = Ledger
staff-desk-payouts = Payouts
staff-desk-refunds = Refunds
staff-means-listings = clear or take down what is held, and look up any other
staff-means-reports = reports on conversations: read what was said, and decide
staff-means-disputes = weigh both sides and divide what is held; hear appeals
staff-means-reviews = hide what breaks a rule, with the reason; nothing is deleted
staff-means-process = every step: who, when, and what it does
staff-means-ledger = whether the books are right and agree with the provider's
staff-means-payouts = make the bank's file, write down how it came out
staff-means-refunds = what becomes of refunds that failed
staff-waiting = waiting
staff-nothing = Nothing is waiting
staff-photo = Photo
staff-reason = Reason
staff-reason-hint = Needed to take it down: the seller reads it. To clear it, it is kept on file only.
staff-take-down = Take down
staff-clear = Clear
staff-look-up = Look a listing up
staff-look-up-hint = Paste the address of its page, or its id.
staff-look-up-go = Look up
staff-no-listing = There is no such listing, or it was deleted
staff-found = The listing
staff-held = On hold
staff-held-none = What meets the word lists appears here, the longest waiting first.
staff-held-again = Taken down before, submitted again
staff-not-yours = Not yours to decide: you are one of the two, or the first ruling was yours. Leave it to a colleague.
staff-amount-wrong = Enter an amount, such as 300 or 300.50
staff-sum-wrong = Both parts must add up to the { $held } that is held
staff-dispute-of = Dispute: { $title }

staff-report-reason-spam = Spam
staff-report-reason-off-platform = Luring off the platform
staff-report-reason-fraud = Fraud
staff-report-reason-abuse = Abuse
staff-report-reason-prohibited = Prohibited goods
staff-report-reason-other = Something else
staff-report-message = about one message
staff-report-conversation = about the conversation
staff-report-about = About { $name }
staff-report-on = On
staff-report-talk = Conversation
staff-report-earlier = Earlier messages
staff-report-no-messages = There are no messages.
staff-report-this = Reported
staff-report-contact = Contact details
staff-report-hidden = Hidden: { $reason }
staff-report-decide = Decide on this report
staff-report-verdict = Verdict
staff-report-keep = Keep
staff-report-keep-hint = nothing is wrong, or a word is enough
staff-report-hide = Hide the message
staff-report-hide-hint = neither sees its words any more, only the reason
staff-report-outcome = Reasons
staff-report-outcome-hint = Name the rule. When a message is hidden, both read this.
staff-report-go = Submit the verdict
staff-reports-none = When somebody reports a conversation it appears here.

staff-cases-which = Which disputes
staff-cases-waiting = Waiting for us
staff-cases-all = All under way
staff-cases-none = Once the evidence is in, or somebody appeals, it appears here.
staff-case-reason-not_received = Not received
staff-case-reason-not_as_described = Not as described
staff-case-reason-defective = Does not work
staff-case-reason-counterfeit = Perhaps counterfeit
staff-case-reason-return_damaged = What came back is not what was sent
staff-case-reason-no_show = Did not turn up or answer
staff-case-reason-other = Something else
staff-case-by-buyer = Opened by the buyer
staff-case-by-seller = Opened by the seller
staff-case-held = { $amount } held
staff-case-claim = { $amount } asked back
staff-case-held-is = Held
staff-case-claim-is = Asked back
staff-case-flaws = Flaws that the listing stated:
staff-case-take-up = Take it up now
staff-case-take-up-hint = There is still time for evidence; when both have said what they have to, it can be taken up before.
staff-case-accepts = Accepts the ruling
staff-case-no-evidence = No evidence was given.
staff-case-appeal = The appeal
staff-case-steps = What happened
staff-case-led-to = then: { $state }
staff-money-goods = Goods
staff-money-freight = Carriage
staff-money-total = Paid by the buyer
staff-money-fee = Fee
staff-money-to_seller = The seller's, if it stands
staff-money-refunded = Refunded
staff-money-received = The seller got
staff-rulings = Rulings
staff-ruling-stage-first = First ruling
staff-ruling-stage-final = Final ruling
staff-ruling-buyer = { $amount } to the buyer
staff-ruling-rest = { $amount } to the seller, fee included
staff-rule = Rule
staff-rule-final = The final ruling
staff-rule-hint = Divide the { $held } that is held; both parts must add up to it.
staff-rule-first-hint = Each side may appeal once within seven days.
staff-rule-final-hint = This is final and carried out at once.
staff-rule-to-buyer = Back to the buyer
staff-rule-to-seller = To the seller, before the fee
staff-rule-check = Reckon first
staff-rule-seller-gets = The seller gets
staff-rule-fee = Fee
staff-rule-sum = Together
staff-rule-reasons = Reasons
staff-rule-reasons-hint = Both read this. Say what you believe and which rule you follow.
staff-rule-go = Submit the ruling

staff-reviews-intro = Reviews that can be read, the newest first. What breaks a rule can be hidden: its words go, it counts no more, the reason is shown; it is not deleted (E-Commerce Law, art. 39).
staff-reviews-none = No reviews yet
staff-review-by-buyer = A buyer on a seller
staff-review-by-seller = A seller on a buyer
staff-review-stars = { $count ->
    [one] { $count } star
   *[other] { $count } stars
}
staff-review-reply = Reply:
staff-review-hide = Hide this review
staff-review-hide-hint = Name the rule it breaks. Its writer reads this.
staff-review-hide-go = Hide the review
staff-review-hidden = Hidden

process-intro = The picture and the table come from the very table that the program runs; its clocks are version { $version }. A running order keeps the version it was made under.
process-picture = The order process as a picture; it scrolls sideways
process-table = Every step
process-col-from = From
process-col-event = What happens
process-col-by = By
process-col-to = To
process-col-effects = What else
process-col-when = When
process-to-back = where it was before
process-to-stay = stays
process-nothing-held = while nothing is held
process-not-before = only after { $time }
process-at-latest = by itself after { $time }
process-at-once = no time
process-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
process-hours = { $count ->
    [one] { $count } hour
   *[other] { $count } hours
}
process-created = To be paid
process-paid = Paid
process-shipped = On its way
process-handover_ready = To be handed over
process-received = Received
process-refund_requested = Refund asked for
process-returning = To be sent back
process-return_shipped = Coming back
process-disputed = In dispute
process-jury = Jury
process-deciding = Staff deciding
process-ruled = Ruled
process-appealed = Appealed
process-settled = Settled
process-closed = Closed
process-refunded = Refunded
process-cancelled = Cancelled
process-expired = Expired
process-pay = pay
process-pay_at_handover = choose to pay in person
process-expire = not paid in time
process-cancel = cancel
process-cancel_late = cancel, shipped too late
process-abandon = nothing happened for long
process-ship = ship
process-arrange = arrange the handover
process-check_in = check in
process-hand_over = hand over by code
process-confirm = confirm receipt
process-auto_confirm = confirmed by time
process-extend = extend
process-request_refund = ask for money back
process-withdraw_request = take the request back
process-grant_refund = refund it all
process-grant_keep = refund, goods stay
process-grant_part = refund a part
process-grant_return = refund on return
process-refuse_refund = refuse
process-send_back = send back
process-accept_return = accept the return
process-open_dispute = open a dispute
process-drop_dispute = drop the dispute
process-call_jury = call the jury
process-refer = refer to staff
process-verdict = verdict
process-rule = rule
process-accept_ruling = accept the ruling
process-appeal = appeal
process-execute_refund = carry out: all back
process-execute_split = carry out: divide
process-settle = settle
process-close = time for reviews over
process-buyer = Buyer
process-seller = Seller
process-staff = Staff
process-payment = Payment
process-clock = Time
process-unpaid = time to pay
process-abandoned = not shipped for long
process-meeting = time to meet
process-both_there = after both are there
process-extension = extension
process-settle_returnable = seven days to return
process-answer = time to answer
process-answer_shipped = time to answer, shipped
process-return_arrived = time for the return
process-evidence = time for evidence
process-jury_vote = time to vote
process-review = time for reviews
effect-release_goods = goods are offered again
effect-sell_goods = goods are sold
effect-withdraw_goods = goods are taken off
effect-refund_all = all that is held goes to the buyer
effect-refund_agreed = what was agreed goes to the buyer
effect-divide = what is held is divided as ruled
effect-release_money = what is held goes to the seller, less the fee
effect-make_code = the six digits are made
effect-cancel_payment = a payment under way is given up
effect-show_reviews = reviews become visible
effect-draw_jury = jurors are drawn

audit = Whether the books are right
audit-hint = Reckons every balance anew from its postings; one fen of difference is listed.
audit-go = Check now
audit-clean = The books are in balance
audit-wrong = { $count ->
    [one] { $count } thing does not fit
   *[other] { $count } things do not fit
}
audit-accounts = Accounts
audit-transactions = Transactions
audit-postings = Postings
audit-rule = Rule
audit-at = Where
audit-expected = Expected
audit-found = Found
reconcile = Beside the provider's books
reconcile-hint = Every day the day before is compared by itself; any days can be compared again.
reconcile-off = No payment provider is set up here, so there is nothing to compare.
reconcile-from = From (that day too)
reconcile-until = Until (before that day)
reconcile-go = Compare
reconcile-none = Nothing was compared yet.
reconcile-agrees = Agrees
reconcile-differs = { $count ->
    [one] { $count } difference
   *[other] { $count } differences
}
reconcile-compared = { $count ->
    [one] { $count } movement compared
   *[other] { $count } movements compared
}
difference-what = Difference
difference-ours = Our id
difference-ours-amount = Ours
difference-theirs = Their id
difference-theirs-amount = Theirs
difference-kind-payment = Payment
difference-kind-refund = Refund
difference-kind-transfer = Transfer
difference-how-missing-here = missing here
difference-how-missing-there = missing there
difference-how-amount = other amount

payouts-which = By state
payouts-none = No payouts stand there.
payout-file = Make the bank's file
payout-file-hint = Takes those to be sent, 1,000 at most, into a file; from then on they are sent and cannot be taken back.
payout-batch = File:
payout-reference = The bank's reference:
payout-said = What the bank says
payout-said-hint = Its reference when it arrived; the reason when it came back, which the owner reads.
payout-arrived = It arrived
payout-came-back = It came back

refunds-intro = Refunds that the provider could not give, or has not answered about. The money is with us and safe.
refunds-none = No refunds to see to.
refund-stands-failed = Failed
refund-stands-unknown = Outcome unknown
refund-attempt = { $count ->
    [one] try { $count }
   *[other] try { $count }
}
refund-order = See the order
refund-retry = Try again
refund-to-wallet = Pay to the buyer's wallet
refund-wait = The provider is being asked. Wait for its answer, and do not refund again.

flash-staff-cleared = Cleared: it is public now
flash-staff-taken-down = Taken down; the seller reads the reason
flash-staff-decided = The verdict is submitted
flash-staff-taken-up = Taken up
flash-staff-ruled = The ruling is submitted
flash-staff-hidden = The review is hidden
flash-staff-compared = Compared: both agree
flash-staff-differs = Compared: there are differences, see below
flash-staff-no-payouts = No payouts are waiting
flash-staff-settled = Written down
flash-staff-resolved = It is on its way
