# 设计规范页。

style-title = 设计规范
style-intro = 所有页面都由这些部件组成；它们在同一份样式表里，浅色深色各一套。
style-mark = 标志
style-colours = 颜色
style-type = 字号
style-buttons = 按钮
style-inputs = 表单
style-chips = 标签
style-cards = 卡片
style-notices = 提示
style-charts = 图表
style-icons = 图标
style-sample = 把不用的交给下一位主人
style-fault = 最多两位小数，如 12.30。
style-notice-good = 已发布，附近的人现在就能看到。
style-notice-info = 索引正在重建，结果可能暂时不全。
style-notice-warning = 左下角边框有一处 2 mm 磕碰（见图 4）。
style-notice-danger = 没有保存：价格要大于 0。您填的内容都还在。
