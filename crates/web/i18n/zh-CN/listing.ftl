# 商品页和卖家页。

photos = 照片，共 { $count } 张，左右滑动查看
photo-go = 看第 { $count } 张
no-photo = 卖家没有放照片
share = 分享
link-copied = 链接已复制
listing-facts = 成色和来源
defects-none = 卖家没有写明瑕疵
comparables = 近 { $count } 天同类价格
comparables-count = （{ $count } 件）
price-changed = 价格变过 { $count } 次
verified-person = 实名
verified-licence = 执照已核验
unverified = 未实名
seller-sold = 卖出 { $count } 件
seller-on-offer = 在售 { $count } 件
seller-since = { $since }加入
safety = 请当面验货再付款。有人让您到站外付款、先交定金或扫陌生二维码，请不要照做。
watch = 收藏这件闲置
watch-sign-in = 登录后收藏
unwatch = 取消收藏
see-watchlist = 看收藏
see-seller = 看卖家
more-from-seller = 这位卖家的其他东西
similar = 相似的东西

act-publish = 发布闲置
act-edit = 修改
act-withdraw = 下架
act-relist = 重新上架
act-delete = 删除草稿
act-manage = 我的发布
act-save-draft = 存为草稿
act-save-changes = 保存修改
act-cancel = 不改了

seller-about = 关于卖家
seller-offers = 在售的东西
seller-empty = 这位卖家现在没有在售的东西
seller-empty-advice = 可以看看别人的。
