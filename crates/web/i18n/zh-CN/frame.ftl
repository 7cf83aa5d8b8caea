# 每一页四周的字。

product-name = 绿环
product-short = 绿环
product-description = 北京的闲置和循环利用：把不用的东西交给下一位主人。
product-line = 绿环，让东西在城里多转一圈。
demo-notice = 这是演示城市，人物、商品和位置都是虚构的。

skip-to-content = 跳到正文
nav-main = 主导航
nav-tabs = 底部导航
nav-foot = 页脚
nav-crumbs = 所在位置
nav-market = 闲置
nav-categories = 全部分类
nav-watchlist = 收藏
nav-post = 发布闲置
nav-me = 我的
nav-sign-in = 登录
nav-rules = 交易规则
nav-privacy = 隐私说明
nav-api = 开放接口

tab-home = 首页
tab-search = 搜索
tab-post = 发布
tab-me = 我的

search-label = 搜索闲置
search-placeholder = 搜闲置，如「儿童自行车」
search-go = 搜索

theme-label = 颜色
theme-auto = 跟随系统
theme-light = 浅色
theme-dark = 深色
trace-id = 追踪号

# 刚才做了什么，在下一页说一次。
flash-watched = 已收藏
flash-unwatched = 已取消收藏
flash-published = 已发布
flash-saved = 已保存
flash-withdrawn = 已下架
flash-relisted = 已重新上架
flash-signed-up = 欢迎来到绿环，账号已建好
flash-signed-out = 已退出登录
flash-code-sent = 验证码已发送
flash-password-dropped = 已登录。验证之前设的密码可能不是您设的，已经作废，请设一个新密码
flash-password-changed = 密码已修改，其他设备已退出
flash-session-ended = 那台设备已退出
flash-sessions-ended = 其他设备已全部退出
flash-token-revoked = 令牌已作废
flash-profile-saved = 资料已保存
flash-identity-saved = 实名信息已提交
flash-consents-saved = 选择已保存
flash-erased = 账号已注销，谢谢您用过绿环
flash-organisation-created = 组织已建立
flash-organisation-saved = 名称已保存
flash-licence-saved = 执照已提交
flash-member-added = 成员已添加
flash-member-changed = 身份已修改
flash-member-removed = 成员已移出
flash-organisation-left = 您已退出组织
