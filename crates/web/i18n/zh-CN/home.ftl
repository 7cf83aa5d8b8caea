# 首页和分类页。

home-title = 绿环：北京的闲置
home-call = 发布闲置
home-call-where = 用不上的，附近就有人需要
home-call-place = { $place } · 附近就有人需要
home-call-how = 拍几张照片 · 参考同款价格 · 两步发出去
home-near = 附近上新
home-by-distance = 按距离
home-fresh = 刚刚上新
home-all = 查看全部
home-more = 查看全部 { $count } 件
home-empty = 这里还没有东西
home-empty-advice = 发布第一件闲置，它马上就会出现在这里。

categories-title = 全部分类
categories-jump = 跳到分类
