# 发布和修改。

post-title = 发布闲置
edit-title = 修改闲置
post-step-1 = 第一步，共两步：选分类
post-step-2 = 第二步，共两步：写清楚
pick-intro = 它属于哪一类？选对分类，需要的人才找得到。
pick-recent = 您最近用过的分类

post-photos = 照片
post-photos-hint = 最多 { $count } 张，JPEG、PNG 或 WebP，每张 12 MB 以内。第一张是封面；拍摄地点等信息会自动抹去。
post-photos-add = 添加照片（还能放 { $count } 张）
photo-cover = 封面
photo-remove = 删除
photo-earlier = 往前移
photo-later = 往后移

post-what = 是什么
post-title-label = 标题
post-title-hint = 写上品牌、型号和最要紧的一点，如「捷安特 26 寸山地车 刹车新换」。
post-description-hint = 用了多久、为什么转让、附带什么。请不要写电话和微信。
serial-imei = IMEI
serial-serial = 序列号
serial-hint-imei = 15 位，拨号盘输入 *#06# 可以看到。只用来核对是不是同一台，不会显示给别人。
serial-hint-serial = 一般在机身背面或设置里。只用来核对是不是同一件，不会显示给别人。

post-state = 什么样
post-defects-hint = 照实写，一行一条，如「左下角边框有一处 2 mm 磕碰（见图 4）」。写清楚，纠纷就少。
post-origin-hint = 东西是怎么到您手里的。

post-price = 多少钱
price-hint = 近期 { $count } 件同类的价格大多在
price-hint-middle = 中间价 { $price }，价格由您定。
post-negotiable = 可以小刀（买家可以还价）

post-delivery = 怎么交付
post-place = 东西在哪个街道
post-place-hint = 只显示街道，地图上的位置会偏移约 500 米。
post-rules = 发布即表示您同意
screening-refused = 「{ $found }」不能发布
screening-warned = 请看一下「{ $found }」
screening-acknowledge = 我已看过，情况属实，继续发布

post-seller = 以谁的名义
brand = 品牌
model = 型号
post-age = 用了多久
unit-months = 个月
post-reason = 为什么转让
post-quantity = 一共几件
post-freight-hint = 面交不用填。
post-returns-note = 退货约定
post-returns-note-hint = 选「自己约定」时写明：几天内、什么情况可以退。
post-price-wrong = 请填金额，最多两位小数，例如 680 或 68.50。
post-number-wrong = 请填整数。
