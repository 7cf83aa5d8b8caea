# 组织。

organisation-new = 建立组织
organisation-kind = 哪种组织
organisation-name = 名称
organisation-name-hint = 与营业执照一致；没有执照的，写大家认得的名字。
organisation-go = 建立组织
organisation-rename = 修改名称
organisation-rename-go = 保存名称
licence-number = 统一社会信用代码
licence-number-hint = 营业执照上的 18 位代码。依法无需登记的可以不填。
licence-change = 填写或更换执照
licence-go = 提交执照
members = 成员（{ $count } 人）
member-me = 我
member-add = 添加成员
member-add-hint = 对方注册时用的手机号或邮箱。
member-go = 添加成员
member-remove = 移出
member-leave = 退出
member-role-go = 改身份

organisation-means-seller-shop = 卖闲置和二手商品，买家会看到执照
organisation-means-recycler = 上门收、称重、运到站点
organisation-means-mall = 申请绿色商场，收集凭证
organisation-means-market = 办旧货市场，出租摊位，代卖
organisation-means-packaging-operator = 提供和回收可循环的快递包装
