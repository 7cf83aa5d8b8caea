# 我的发布和收藏。

mine-title = 我的发布
mine-states = 按状态看
mine-empty = 这里还没有东西
mine-empty-advice = 拍几张照片，两步就能发出去。
watchlist-title = 我的收藏
watchlist-empty = 您还没有收藏
watchlist-empty-advice = 在商品页点「收藏这件闲置」，之后就能在这里看到它的价格和状态。
watchlist-browse = 去逛逛
mine-taken-down = 已被下架：{ $reason }
