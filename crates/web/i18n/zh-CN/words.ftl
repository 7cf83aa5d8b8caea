# 全站共用的词：时间、状态、身份、单位。

ago-now = 刚刚
ago-minutes = { $count } 分钟前
ago-hours = { $count } 小时前
ago-yesterday = 昨天
ago-days = { $count } 天前

yes = 是
no = 否
choose = 请选择
not-said = 不填
change = 更换
optional = 选填
copy = 复制
copied = 已复制
back = 返回

state-all = 全部
state-draft = 草稿
state-published = 在售
state-reserved = 已预订
state-sold = 已卖出
state-withdrawn = 已下架
state-expired = 已到期

seller-private = 个人闲置
seller-natural_person_trader = 个人经营
seller-registered_merchant = 商家
seller-means-private = 卖家是个人，转让自己用过的东西：法律不要求七天无理由退货，以双方约定和平台规则为准。
seller-means-natural_person_trader = 卖家是零星小额经营者，依法无需登记，但同样是经营者：适用消费者权益保护的规定。
seller-means-registered_merchant = 卖家是登记的商家，已公示营业执照，承担经营者的全部责任，包括七天无理由退货。

organisation-seller-shop = 店铺
organisation-recycler = 回收企业
organisation-mall = 商场
organisation-market = 旧货市场
organisation-packaging-operator = 循环包装企业

member-owner = 负责人
member-manager = 管理员
member-dispatcher = 调度员
member-collector = 回收员
member-clerk = 店员

licence-none = 未填写
licence-fits = 校验位相符
licence-odd = 校验位不符，待人工核验

views = { $count } 浏览
watches = { $count } 收藏
condition = 成色
defects = 瑕疵
origin = 来源
category = 分类
description = 描述
delivery = 交付方式
freight = 运费
returns = 退货
price = 价格
original-price = 原价
negotiable = 可小刀
role = 身份
phone = 手机号
email = 邮箱
login = 手机号或邮箱
password = 密码

pager-label = 翻页
pager-first = 回到开头
pager-next = 下一页

chart-table-below = 图下有同样内容的表格。
chart-show-table = 看数字
chart-price = 价格
chart-count = 件数
chart-since = 从何时起
histogram-title = 价格分布
price-history = 价格变化

form-errors = 还有 { $count } 处需要修改，您填的内容都还在
card-was = 原价

returns-none = 不支持退货
returns-7_day = 七天无理由退货
returns-custom = 自己约定
returns-means-none = 不支持退货；与描述不符的，买家仍可以退
returns-means-7_day = 收到后七天内可以无理由退货，答应了就必须做到
returns-means-custom = 按卖家写明的约定
flag-true = 是
flag-false = 否

left-minutes = 还剩 { $count } 分钟
left-hours = 还剩 { $count } 小时
left-days = 还剩 { $count } 天
day-today = 今天
day-tomorrow = 明天
weekday-1 = 周一
weekday-2 = 周二
weekday-3 = 周三
weekday-4 = 周四
weekday-5 = 周五
weekday-6 = 周六
weekday-7 = 周日
