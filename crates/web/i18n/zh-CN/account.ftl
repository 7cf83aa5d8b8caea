# 注册和登录。

sign-in-title = 登录
sign-in-password = 用密码登录
sign-in-go = 登录
sign-in-by-code = 用验证码登录
sign-in-code-hint = 我们发一个一次性验证码给您，不用记密码。
sign-in-new = 第一次来？
sign-up-title = 注册
sign-up-go = 注册账号
sign-up-known = 已经有账号？
sign-out = 退出登录
login-hint = 用来登录，不会显示给别人。
display-name = 显示的名字
display-name-hint = 别人看到的名字，如「林先生」「双井小王」。
password-hint = 至少 { $count } 个字，几个词连起来最好记。
home-place = 常住街道
home-place-hint = 用来显示附近的东西，只到街道，可以随时改。
consent-terms = 我同意
consent-privacy = 我已阅读并同意

code-title = 输入验证码
code-sent = 验证码已发送到 { $to }。
code-holds = { $count } 分钟内有效。
code-in-console = 这是演示：验证码写在启动程序的那个窗口里。
code-label = { $count } 位验证码
code-send = 发送验证码
code-go = 验证并登录
code-again = 没收到，再发一次

demo-accounts = 演示账号
demo-accounts-hint = 只在演示城市里有，随便用。

demo-role-resident = 居民
demo-role-shop-owner = 店主
demo-role-recycler-owner = 回收企业负责人
demo-role-dispatcher = 回收调度员
demo-role-collector = 上门回收员
demo-role-station = 回收站点员
demo-role-mall-manager = 商场负责人
demo-role-mall-clerk = 商场员工
demo-role-market-operator = 旧货市场负责人
demo-role-market-clerk = 旧货市场员工
demo-role-packaging-operator = 循环包装负责人
demo-role-administrator = 系统管理员
demo-role-moderator = 审核员
demo-role-support = 客服
demo-role-assessor = 评审员
demo-role-authority = 主管部门
demo-role-statistician = 统计员
