problem-ledger-insufficient-funds = Not enough money
    .detail = The account holds ¥{ $held }, and ¥{ $needed } are needed. Top up first, or pay another way.
problem-payment-state = Not possible with this payment now
    .detail = { $state ->
        [succeeded] It is paid already.
        [cancelled] It was given up. Pay anew.
        [failed] It did not go through. Pay anew.
        [unknown] It is not known yet how it came out. Wait, and do not pay again.
       *[other] It is under way. Look again in a moment.
     }
problem-refund-state = Not possible with this refund now
    .detail = It stands at “{ $state }”. Only a refund that failed can be tried again or paid to the wallet.
problem-payout-state = Not possible with this payout now
    .detail = { $state ->
        [requested] It has not been sent yet.
        [sent] It has been sent and cannot be taken back.
        [paid] It has arrived.
        [unknown] It is not known yet how it came out. Look again in a while.
       *[other] It is over, and the money is back in the balance.
     }
problem-payment-code-wrong = That is not the code
    .detail = Check the six figures with the other side and type them again. { $left ->
        [one] One try is left.
       *[other] { $left } tries are left.
     }
problem-payment-code-locked = No more tries
    .detail = There were too many wrong codes, so this payment can no longer be confirmed. Cancel it and begin anew.
problem-refund-too-large = More than can be refunded
    .detail = At most ¥{ $left } of this order can still be refunded. Cash from hand to hand did not pass through us: give it back the same way.
problem-payment-provider-off = Not a way to pay here
    .detail = { $provider ->
        [stripe] Cards, Alipay and WeChat Pay are not set up here. Pay from the wallet or face to face.
        [wallet] The wallet is not set up here. Pay another way.
       *[other] This way to pay is not set up here. Choose another.
     }
problem-payout-not-connected = No account to receive it yet
    .detail = Connect an account first, and wait until the payment provider has checked it; or have the money sent to a bank.
problem-payout-bank-off = Nothing is paid out by bank here
    .detail = Payouts by bank are not set up. Connect an account and have the money sent there, or ask support.
problem-payment-provider-refused = The payment provider will not do it
    .detail = It refused the request ({ $code }). Choose another way, or ask support.
problem-payment-provider-unreachable = The payment provider does not answer
    .detail = It is not known how it came out. Look again in a moment, and do not pay again.
problem-payment-webhook-refused = The notice was not taken
    .detail = Its signature is wrong or too old, or it is no event. Check the endpoint's secret and the clocks.

field-amount-above-zero = The amount must be above zero.
field-top-up-provider = Top up by card, Alipay or WeChat Pay.
field-top-up-amount = Between ¥{ $least } and ¥{ $most } at a time.
field-payout-amount = Between ¥{ $least } and ¥{ $most } at a time.
field-payout-destination = Give the name, the bank and the number on one line, { $max } characters at most.
field-payout-no-destination = Leave this out when the money goes to your connected account.
field-return-url = Give an address that begins with http:// or https://, 2048 characters at most.
field-statement-too-long = The statement has more than { $max } lines. Choose a shorter time.
field-bank-words = Fill this in on one line, { $max } characters at most.

problem-account-has-money = There is money in the wallet
    .detail = Withdraw it under “Wallet” and wait for what is on its way before you close the account.
