# 搜索结果。

filters = 筛选
filters-close = 关闭筛选
filters-show = 查看结果
filters-clear = 清除筛选
filters-chosen = 已选条件
chip-remove = 去掉条件：
facet-all = 全部
facet-more = 还有 { $count } 项
facet-price = 价格（元）
facet-near = 离哪里近
min-price = 最低
max-price = 最高
near-label = 离哪个街道近
near-anywhere = 不限位置
radius-label = 多远以内
found = { $count } 件
sort-change = 更换排序
did-you-mean = 您是不是要找
nothing-for = 没有找到「{ $words }」
nothing-here = 这里还没有东西
nothing-advice = 换个说法试试，比如用更短的词；也可以逛逛分类。
nothing-advice-filters = 筛选条件可能太窄了，去掉几个再看。
nothing-browse = 逛逛分类
search-degraded = 搜索引擎暂时不可用，下面是简单查找的结果，可能不全，也没有筛选数量。稍后会自动恢复。
search-rebuilding = 搜索索引正在重建，已完成 { $count }%，结果可能暂时不全。
search-place-unknown = 没有认出您给的位置，下面的结果没有按距离筛选。
