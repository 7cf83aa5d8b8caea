problem-ledger-insufficient-funds = 余额不足
    .detail = 账户里有 { $held } 元，这一笔需要 { $needed } 元。请先充值，或换一种付款方式。
problem-payment-state = 这笔付款现在不能这样操作
    .detail = { $state ->
        [succeeded] 这笔付款已经完成。
        [cancelled] 这笔付款已经取消，请重新付款。
        [failed] 这笔付款没有成功，请重新付款。
        [unknown] 付款结果还没有确认。请稍候，不要重复付款。
       *[other] 这笔付款还在进行中，请稍候再看。
     }
problem-refund-state = 这笔退款现在不能这样操作
    .detail = 这笔退款当前的状态是“{ $state }”。只有失败的退款才能重试或改退到余额。
problem-payout-state = 这笔提现现在不能这样操作
    .detail = { $state ->
        [requested] 这笔提现还没有汇出。
        [sent] 这笔提现已经汇出，不能再撤回。
        [paid] 这笔提现已经到账。
        [unknown] 提现结果还没有确认，请稍候再看。
       *[other] 这笔提现已经结束，钱已回到余额。
     }
problem-payment-code-wrong = 确认码不对
    .detail = 请向对方核对六位确认码后再输入。还可以试 { $left } 次。
problem-payment-code-locked = 确认码已锁定
    .detail = 输错次数太多，这笔当面付不能再确认。请取消后重新发起。
problem-refund-too-large = 退款金额太大
    .detail = 这一单最多还能退 { $left } 元。当面付的钱没有经过平台，请双方当面退还。
problem-payment-provider-off = 这种付款方式没有开通
    .detail = { $provider ->
        [stripe] 这里没有开通银行卡、支付宝和微信支付。请用余额或当面付。
        [wallet] 这里没有开通余额支付。请换一种付款方式。
       *[other] 这里没有开通这种付款方式。请换一种。
     }
problem-payout-not-connected = 还没有可以收款的账户
    .detail = 请先绑定收款账户，等支付机构审核通过后再提现到那里；也可以提现到银行卡。
problem-payout-bank-off = 这里不能提现到银行卡
    .detail = 这里没有开通银行提现。请绑定收款账户后提现到那里，或联系客服。
problem-payment-provider-refused = 支付机构没有受理
    .detail = 支付机构拒绝了这次请求（{ $code }）。请换一种方式，或联系客服。
problem-payment-provider-unreachable = 暂时联系不上支付机构
    .detail = 支付机构没有回应，结果还不清楚。请稍候再看，不要重复付款。
problem-payment-webhook-refused = 通知没有收下
    .detail = 签名不对、已经过期，或者内容不是一个事件。请检查端点的密钥和时钟。

field-amount-above-zero = 金额要大于零。
field-top-up-provider = 充值请用银行卡、支付宝或微信支付。
field-top-up-amount = 每次充值 { $least } 元到 { $most } 元。
field-payout-amount = 每次提现 { $least } 元到 { $most } 元。
field-payout-destination = 请写明户名、银行和账号，最多 { $max } 个字，写在一行里。
field-payout-no-destination = 提现到绑定的收款账户时不用填写这一项。
field-return-url = 请填写以 http:// 或 https:// 开头的网址，最多 2048 个字符。
field-statement-too-long = 明细超过 { $max } 行，请缩短时间范围后再导出。
field-bank-words = 请填写，最多 { $max } 个字，写在一行里。

problem-account-has-money = 钱包里还有钱
    .detail = 请先在“我的钱包”提现，等在途的款项到账，再注销账号。
