# 通知：在收件箱里的一句话，和接下来可以做什么
notification-title = “{ $title }”
notification-no-title = 一件物品
notification-mail-choose = 不想再收到这类邮件？在这里选择：{ $link }
notification-mail-footer = 这封邮件由系统自动发出。想少收邮件，请在“我的”里设置。
notification-topic-trade = 交易
    .detail = 出价、订单、付款、在售物品和收藏
notification-topic-messages = 消息
    .detail = 与买家、卖家的对话
notification-topic-account = 账户
    .detail = 登录、角色、组织和 Webhook

notification-offer-made = 有人为{ $title }出价 { $amount }
    .detail = 24 小时内可以接受、还价或婉拒，过时作废。
notification-offer-countered = { $title }有了新的报价：{ $amount }
    .detail = 24 小时内可以接受、还价或婉拒，过时作废。
notification-offer-accepted = 报价已被接受：{ $title }，{ $amount }
    .detail = 物品已按这个价格为买家保留，请在保留期内下单付款。
notification-offer-declined = 报价未被接受：{ $title }
    .detail = 可以按标价购买，或换个价格再谈。
notification-offer-lapsed = 报价已过期：{ $title }
    .detail = 对方没有在 24 小时内回应。仍想要的话，可以再出一次价。
notification-message = { $several ->
    [yes] 有 { $count } 条新消息，关于{ $title }
   *[no] 有一条新消息，关于{ $title }
 }
    .detail = 打开对话查看并回复。请在平台内交易，付款有保障。
notification-order-created = 有人拍下了{ $title }
    .detail = 等待买家付款；付款后会再通知您。
notification-order-to-pay-at-handover = { $title }已约定当面付款
    .detail = 请与买家约好时间和地点，当面验货收款。
notification-order-paid = 买家已付款：{ $title }（{ $amount }）
    .detail = 款项由平台托管。请按约定发货，或约好时间当面交付。
notification-order-expired = 订单超时未付款，已关闭：{ $title }
    .detail = 物品已重新上架。
notification-order-cancelled = 订单已取消：{ $title }
    .detail = 已付的款项会原路退回。
notification-order-shipped = 卖家已发货：{ $title }
    .detail = 收到后请检查，没有问题再确认收货。
notification-order-arranged = { $title }的当面交付已约好
    .detail = 时间和地点见订单。见面验货后再告诉对方取货码。
notification-order-checked-in = 对方已到约定地点：{ $title }
    .detail = 到了之后请在订单里签到。
notification-order-handed-over = { $title }已当面交付
    .detail = 有问题请在期限内提出。
notification-order-received = 买家已确认收货：{ $title }
    .detail = 款项将按规则结算给您。
notification-order-extended = 买家延长了收货时间：{ $title }
    .detail = 新的期限见订单。
notification-order-settled = 货款已结算：{ $title }（{ $amount }）
    .detail = 款项已到您的账户，可在钱包查看。
notification-refund-requested = 买家申请退款：{ $title }（{ $amount }）
    .detail = 请在期限内同意、拒绝或协商；逾期按规则处理。
notification-refund-withdrawn = 买家撤回了退款申请：{ $title }
    .detail = 订单继续进行。
notification-refund-refused = 卖家拒绝了退款：{ $title }
    .detail = 可以继续协商，或申请平台介入。
notification-return-agreed = 卖家同意退货：{ $title }
    .detail = 请在期限内寄回，并填写运单号。
notification-return-lapsed = 退货超时：{ $title }
    .detail = 物品没有在期限内寄回，订单按规则继续。
notification-order-sent-back = 买家已寄回{ $title }
    .detail = 收到后请检查并确认，款项随后退给买家。
notification-order-refunded = 已退款：{ $title }（{ $amount }）
    .detail = 款项原路退回，到账时间以支付渠道为准。
notification-dispute-opened = 对方申请了平台介入：{ $title }
    .detail = 请在期限内说明情况并上传凭证。
notification-dispute-dropped = 对方撤回了平台介入：{ $title }
    .detail = 订单继续进行。
notification-jury-called = 小法庭开始评议：{ $title }
    .detail = 评议结束后会通知您结果。
notification-dispute-referred = 争议已转工作人员裁决：{ $title }
    .detail = 裁决后会通知您结果。
notification-dispute-resolved = 争议已裁决：{ $title }
    .detail = 理由和款项分配见订单。对结果有异议，可在期限内申诉一次。
notification-ruling-accepted = 对方接受了裁决：{ $title }
    .detail = 款项随后按裁决处理。
notification-ruling-appealed = 对方提出了申诉：{ $title }
    .detail = 工作人员会作出最终裁决。
notification-order-reviewed = 对方写了评价：{ $title }
    .detail = 双方都写完或评价期结束后才能看到。您也来写一条吧。
notification-review-replied = 对方回复了评价：{ $title }
    .detail = 打开订单查看。
notification-review-hidden = 您的评价已被隐藏：{ $title }
    .detail = 原因见订单。
notification-jury-drawn = 请您担任小法庭评审
    .detail = 打开案件，看过双方的凭证后投票。您的身份对双方保密。
notification-payment-declined = 付款未成功，可以再试：{ $amount }
    .detail = 请换一种付款方式，或稍后再试。没有扣款。
notification-payment-failed = 付款失败：{ $amount }
    .detail = 没有扣款。请重新下单或换一种付款方式。
notification-payment-unknown = 付款结果待确认：{ $amount }
    .detail = 我们正在向支付渠道核实，请不要重复付款。有结果会马上通知您。
notification-topped-up = 充值成功：{ $amount }
    .detail = 可在钱包查看。
notification-refund-settled = 退款已到账：{ $amount }
    .detail = 请在原付款账户或钱包查看。
notification-refund-failed = 退款未成功：{ $amount }
    .detail = 款项仍由平台保管，工作人员会处理。
notification-payout-paid = 提现已到账：{ $amount }
    .detail = 请在收款账户查看。
notification-payout-failed = 提现未成功：{ $amount }
    .detail = 款项已退回钱包。请检查收款账户后再试。
notification-points-ending = 绿色积分即将到期
    .detail = 到期前用掉才不浪费，数量见钱包。
notification-listing-expired = { $title }已过在售期
    .detail = 可以一键重新上架；不想卖了，可以预约上门回收。
notification-listing-taken-down = { $title }已被下架
    .detail = 原因见该物品的页面。修改后可以重新提交审核。
notification-listing-held = { $title }正在等待审核
    .detail = 审核通过前别人看不到，一般不用您做什么。
notification-listing-cleared = { $title }已通过审核
    .detail = 别人现在可以看到了。
notification-price-dropped = 降价了：{ $title }，{ $from } → { $to }
    .detail = 您收藏的物品降价了。
notification-signed-in = 您的账户在新设备上登录
    .detail = 如果不是您本人，请马上退出该设备并修改密码。
notification-role-granted = 您有了新的角色：{ $role ->
    [administrator] 管理员
    [moderator] 审核员
    [support] 客服
    [assessor] 评审员
    [authority] 主管部门
    [statistician] 统计员
   *[other] { $role }
 }
    .detail = 重新打开页面即可使用。
notification-role-revoked = 您的角色已收回：{ $role ->
    [administrator] 管理员
    [moderator] 审核员
    [support] 客服
    [assessor] 评审员
    [authority] 主管部门
    [statistician] 统计员
   *[other] { $role }
 }
    .detail = 有疑问请联系管理员。
notification-member-placed = 您已加入一个组织，或职责有变
    .detail = 在“我的”里查看。
notification-member-removed = 您已不在一个组织中
    .detail = 有疑问请联系该组织的负责人。
notification-webhook-failing = 一个 Webhook 已停用：长时间没有成功接收
    .detail = 请检查接收端后重新启用，并补发这段时间的事件。

# Webhook
notifications-url = 需要一个 https:// 开头、不含用户名和密码的地址。
notifications-url-closed = 这个地址不在公共互联网上，不能用来接收。
notifications-text-too-long = 太长了，最多 { $max } 个字符。
notifications-text-control = 含有无法显示的字符，请删去。
notifications-events-count = 请选择 1 到 { $max } 个事件。
notifications-event-pattern = “{ $pattern }”不是事件名。可以写 *、trade.* 或 trade.order_paid 这样的名字。
notifications-range = 结束时间要晚于开始时间。
notifications-too-many-ids = 一次最多 { $max } 条。
notifications-read-one = 请在 ids、until、subject 中只给一个。
notifications-subject-kind = 没有这种对象。

problem-notifications-too-many-webhooks = Webhook 太多了
    .detail = 每个人或组织最多 { $max } 个。请先删去不用的。
problem-notifications-webhook-off = Webhook 已停用
    .detail = 请先启用，再重试。
problem-notifications-too-many-streams = 打开的页面太多
    .detail = 同一账户同时接收实时提醒的页面太多。请关掉一些，或过一分钟再试。
