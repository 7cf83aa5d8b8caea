# 拒绝的原因
problem-trade-step = 这一步现在做不了
    .detail = 这笔订单现在是“{ trade-state }”，不能再做这一步。请刷新订单，按页面上的按钮操作。
trade-state = { $state ->
        [created] 待付款
        [paid] 已付款
        [shipped] 已发货
        [handover_ready] 待当面交接
        [received] 已收货
        [refund_requested] 退款处理中
        [returning] 待退货
        [return_shipped] 退货途中
        [disputed] 纠纷举证中
        [jury] 小法庭投票中
        [deciding] 平台裁决中
        [ruled] 已裁决
        [appealed] 申诉中
        [settled] 已结算
        [closed] 已完成
        [refunded] 已退款
        [cancelled] 已取消
        [expired] 已过期
       *[other] { $state }
    }
problem-trade-too-early = 还没有到时间
    .detail = 卖家还在发货期限内。{ $at } 之后您可以直接取消；现在可以先申请退款。
problem-trade-gone = 晚了一步
    .detail = 这件东西已经被别人下单，或者已经下架。看看类似的吧。
problem-trade-price-changed = 价格变了
    .detail = 现在的总价是 ¥{ $now }。请确认新的价格后再下单。
problem-trade-own-goods = 这是您自己的东西
    .detail = 自己发布的东西不能自己购买、出价或咨询。
problem-trade-blocked = 无法联系对方
    .detail = 你们之间有一方屏蔽了另一方，不能发消息、出价或下单。
problem-trade-not-negotiable = 不议价
    .detail = 卖家设置了不议价，请按标价购买。
problem-trade-offer-state = 出价已经不能这样处理
    .detail = 这个出价的状态已经改变。请刷新后再看。
problem-trade-others-turn = 等对方回应
    .detail = 这个价格是您提出的，请等对方接受、还价或拒绝。
problem-trade-offer-open = 已经有一个出价
    .detail = 您对这件东西的出价还没有结束。请先等对方回应，或者撤回它。
problem-trade-flaws = 请先确认瑕疵
    .detail = 卖家声明了这些瑕疵：{ $flaws }。确认知道并接受之后才能付款。
problem-trade-payment-pending = 上一笔付款还没有结果
    .detail = 付款机构还没有告诉我们上一笔付款是否成功。请稍等，不要重复付款；结果出来后订单会自动更新。
problem-trade-code-wrong = 交接码不对
    .detail = 交接码不对，还可以再试 { $left } 次。请让买家打开订单，核对六位交接码。
problem-trade-code-locked = 交接码已锁定
    .detail = 输错次数太多。请让买家在订单页上直接确认收货。
problem-trade-nothing-held = 平台没有代管这笔钱
    .detail = 这笔订单是当面付，钱没有经过平台，退款请和对方当面解决。
problem-trade-talk-first = 请先和卖家协商
    .detail = 请先申请退款。卖家拒绝之后，才能申请平台处理。
problem-trade-extended = 已经延长过了
    .detail = 收货时间只能延长一次。如果有问题，请申请退款。
problem-trade-not-for-jury = 不能由小法庭处理
    .detail = 只有金额较小、还在举证的纠纷，双方都同意时才交给小法庭。其他的由平台裁决。
problem-trade-no-jurors = 小法庭今天人手不够
    .detail = 今天有空的评审员不够。纠纷会由平台裁决，也可以明天再选小法庭。
problem-trade-juror-not-eligible = 还不能当评审员
    .detail = 评审员需要注册满 90 天，并且顺利完成过几笔交易。
problem-trade-voted = 已经投过票
    .detail = 每位评审员对一个案子只投一次票。
problem-trade-reviewed = 已经评价过
    .detail = 每笔订单每方只评价一次。
problem-trade-review-closed = 现在不能评价
    .detail = 结算之后 15 天内可以评价。
problem-trade-replied = 已经回复过
    .detail = 每条评价只能回复一次。
problem-trade-nothing-to-invoice = 没有可以开票的金额
    .detail = 结算后才能开票；已经开过的、退款的部分不再开票。个人闲置不能开发票，订单页就是凭证。

# 填写
trade-words-required = 请写几个字说明。
trade-too-many = 最多 { $max } 个。
trade-nothing = 请至少选一件。
trade-bundle-sellers = 一笔订单里的东西要来自同一个卖家。
trade-delivery = 其中有的东西不支持这种交付方式，请换一种。
trade-offer-listing = 按出价下单时，只能买出价的那一件。
trade-address-required = 请填写收件地址。
trade-phone = 请填写 11 位手机号，或者带区号的座机号。
trade-face-to-face = 当面付只能用于自提/面交。
trade-ship-pickup = 这笔订单是当面交接，不用发货。请约好时间地点，用交接码确认。
trade-carrier = 请从列表里选择快递公司。
trade-tracking = 运单号是 6 到 32 位字母和数字。
trade-meet-past = 见面时间要在现在之后。
trade-code-needed = 当面付的订单要用对方的交接码确认。
trade-amount-range = 金额要在 0 到 ¥{ $most } 之间。
trade-nothing-to-return = 东西还没有发出，选“仅退款”就可以。
trade-stars = 请选择 1 到 5 颗星。
trade-invoice-number = 发票号码是 20 位数字。
trade-invoice-usc = 这不是有效的统一社会信用代码。
trade-invoice-email = 请填写有效的邮箱。
trade-jury-rule = 评审员需要注册满 { $days } 天，并且顺利完成 { $trades } 笔以上交易。

problem-account-has-orders = 还有进行中的订单
    .detail = 请先完成或取消您的订单（作为买家和卖家的都算），再注销账号。
