# 填写
certification-too-long = 太长了，最多 { $max } 个字。
certification-control = 含有无法显示的字符，请删去后再试。
certification-required = 请填写这一项。
certification-reason = 请写明理由，对方会看到。
certification-unknown-district = 没有这个区，请从列表中选择。
certification-area = 面积请填大于 0、不超过 1000 万平方米的数。
certification-area-review = 面积变化超过两成，请先列入复核，再变更范围。
certification-day = 日期请写成 2026-03-01 的样子。
certification-unknown-code = 没有这一项，请从列表中选择。
certification-unknown-rubric = 没有这个版本的评价指标。
certification-rubric-dates = 这个版本的评价指标现在不在适用期内。
certification-unknown-certificate = 没有找到您商场的这张证书。
certification-energy-plan = 基准期要早于报告期，每段不超过十年，影响因素不要重复。
certification-always-applies = 这一项必须评价，不能选不适用。
certification-value = 请填一个合理的数，不能为负。
certification-points = 请填 0 到 { $max } 分。
certification-system-record = 系统记录由系统自动计入，不能手工添加。
certification-one-proof = 每次只问一种证明：number、index 或 from。
certification-too-many = 数量太多了，请先整理后再添加。

# 拒绝：发生了什么，怎么办
problem-certification-conflict = 不能评审与自己有关的商场
    .detail = 您与这家商场有关联，或尚未声明无利益冲突，不能执行这一步。请声明，或由他人办理。
problem-certification-stale-items = 有项目刚被别人修改
    .detail = 这些项目刚被别人改过：{ $items }。请刷新后再填，其余内容都没有丢。
problem-certification-state = 现在不能这样操作
    .detail = 这份申报当前的状态是“{ $state ->
        [draft] 草稿
        [submitted] 已提交
        [district_review] 属地初审
        [desk_review] 材料评审
        [site_audit] 现场评审
        [rectification] 整改
        [verified] 评分
        [committee] 评审会
        [public_notice] 公示
        [listed] 已入选
        [refused] 未通过
        [appealed] 申诉中
        [closed] 已结案
        [withdrawn] 已撤回
       *[other] { $state }
    }”，不能{ $event ->
        [submit] 提交
        [return] 退回补正
        [accept] 受理
        [reject] 不予受理
        [assign] 抽取专家
        [begin_audit] 开始现场评审
        [request_rectification] 要求整改
        [finish_audit] 结束现场评审
        [verify] 确认整改完成
        [lapse_rectification] 整改逾期
        [agree] 专家组达成一致
        [announce] 公示
        [decline] 评审会不通过
        [grant] 发证
        [refuse] 因异议成立不予入选
        [appeal] 申诉
        [dismiss] 驳回申诉
        [admit] 支持申诉
        [lapse_appeal] 申诉期满
        [withdraw] 撤回
       *[other] { $event }
    }。请刷新后再看。
problem-certification-not-yet = 条件还不具备
    .detail = 要{ $event ->
        [submit] 提交
        [return] 退回补正
        [accept] 受理
        [reject] 不予受理
        [assign] 抽取专家
        [begin_audit] 开始现场评审
        [request_rectification] 要求整改
        [finish_audit] 结束现场评审
        [verify] 确认整改完成
        [lapse_rectification] 整改逾期
        [agree] 专家组达成一致
        [announce] 公示
        [decline] 评审会不通过
        [grant] 发证
        [refuse] 因异议成立不予入选
        [appeal] 申诉
        [dismiss] 驳回申诉
        [admit] 支持申诉
        [lapse_appeal] 申诉期满
        [withdraw] 撤回
       *[other] { $event }
    }，还需要：{ $guard ->
        [none] 无条件
        [complete] 每项都已填写并附证明，且符合申报条件
        [panel] 单数且足够的、无利益冲突的专家
        [declared] 每位专家都声明无利益冲突
        [seen_with_findings] 现场项目都已查看，且有待整改问题
        [seen_and_clean] 现场项目都已查看，且没有待整改问题
        [clean] 所有问题都已整改
        [overdue] 期限已过
        [agreed] 每位专家都已封存评分，且分歧较大的项目都写明理由
        [carried] 得分达标、到会人数足够、多数同意
        [not_carried] 到会人数足够，且得分不达标或多数不同意
        [notice_clear] 得分达标、公示期满、没有待答复或成立的异议
        [upheld] 有成立的异议
        [may_appeal] 仍在申诉期内，且此前没有申诉过
       *[other] { $guard }
    }。
problem-certification-certificate-state = 证书现在不能这样变更
    .detail = 证书当前的状态是“{ $state ->
        [active] 有效
        [review_required] 待复核
        [suspended] 已暂停
        [revoked] 已撤销
        [revocation_appealed] 已撤销，申诉中
        [expired] 已到期
        [renewed] 已换新证
       *[other] { $state }
    }”，不能办理“{ $event ->
        [grant] 发证
        [flag_review] 列入复核
        [clear_review] 复核通过
        [change_scope] 变更范围
        [suspend] 暂停
        [reinstate] 恢复
        [revoke] 撤销
        [appeal_revocation] 对撤销申诉
        [uphold_revocation] 维持撤销
        [overturn_revocation] 撤回撤销决定
        [expire] 到期
        [renew] 换证
       *[other] { $event }
    }”。请刷新后再看。
problem-certification-frozen = 材料已提交，不能再修改
    .detail = 提交后的材料不再改动，以保证评审所见即所交。如需补正，请联系主管部门退回。
problem-certification-not-now = 现在不是这一步的时间
    .detail = 这份申报当前的状态是“{ $state ->
        [draft] 草稿
        [submitted] 已提交
        [district_review] 属地初审
        [desk_review] 材料评审
        [site_audit] 现场评审
        [rectification] 整改
        [verified] 评分
        [committee] 评审会
        [public_notice] 公示
        [listed] 已入选
        [refused] 未通过
        [appealed] 申诉中
        [closed] 已结案
        [withdrawn] 已撤回
       *[other] { $state }
    }”，这一步不能办理。请刷新后再看。
problem-certification-incomplete = 还有 { $count } 处没有完成
    .detail = 请按列表逐项补齐答案、理由和证明材料，再试一次。
problem-certification-under-way = 已有一份申报在办理
    .detail = 同一商场同时只能有一份申报。请先办完或撤回原来的那份。
problem-certification-barred = 证书被撤销后暂不能申报
    .detail = 证书被撤销后两年内不能申报，{ $until } 之后可以再来。
problem-certification-pool = 可抽取的专家不足
    .detail = 无利益冲突的专家只有 { $free } 位，需要 { $needed } 位。请先补充专家库。
problem-certification-sealed = 已经封存，不能再改
    .detail = 封存或办结之后不再改动。
problem-certification-rubric = 评价指标有 { $count } 处错误
    .detail = 请按列表逐处改正，再保存。
problem-certification-rubric-unreadable = 评价指标读不出来
    .detail = 文件格式不对：{ $what }
problem-certification-rubric-published = 已发布的版本不再改动
    .detail = 请另建一个新版本。已在办理的申报仍按原版本评价。
problem-certification-csv = 表格有 { $count } 处错误
    .detail = 第一处在第 { $line } 行。请按列表改正后重新上传，文件内容都没有导入。
problem-certification-file = 文件没有收下
    .detail = { $reason ->
        [empty] 文件是空的，请重新选择。
        [too-large] 文件超过 20 MiB，请压缩后再传。
        [unknown-kind] 只收 PDF、JPEG、PNG、WebP 和 CSV 文件，请换一种格式。
        [too-many] 这一项的文件已满 30 个，请先删去一个。
       *[other] { $reason }
    }

# 各处的名称
certification-state-draft = 草稿
certification-state-submitted = 已提交
certification-state-district_review = 属地初审
certification-state-desk_review = 材料评审
certification-state-site_audit = 现场评审
certification-state-rectification = 整改
certification-state-verified = 评分
certification-state-committee = 评审会
certification-state-public_notice = 公示
certification-state-listed = 已入选
certification-state-refused = 未通过
certification-state-appealed = 申诉中
certification-state-closed = 已结案
certification-state-withdrawn = 已撤回
certification-event-submit = 提交
certification-event-return = 退回补正
certification-event-accept = 受理
certification-event-reject = 不予受理
certification-event-assign = 抽取专家
certification-event-begin_audit = 开始现场评审
certification-event-request_rectification = 要求整改
certification-event-finish_audit = 结束现场评审
certification-event-verify = 确认整改完成
certification-event-lapse_rectification = 整改逾期
certification-event-agree = 专家组达成一致
certification-event-announce = 公示
certification-event-decline = 评审会不通过
certification-event-grant = 发证
certification-event-refuse = 因异议成立不予入选
certification-event-appeal = 申诉
certification-event-dismiss = 驳回申诉
certification-event-admit = 支持申诉
certification-event-lapse_appeal = 申诉期满
certification-event-withdraw = 撤回
certification-guard-none = 无条件
certification-guard-complete = 每项都已填写并附证明，且符合申报条件
certification-guard-panel = 单数且足够的、无利益冲突的专家
certification-guard-declared = 每位专家都声明无利益冲突
certification-guard-seen_with_findings = 现场项目都已查看，且有待整改问题
certification-guard-seen_and_clean = 现场项目都已查看，且没有待整改问题
certification-guard-clean = 所有问题都已整改
certification-guard-overdue = 期限已过
certification-guard-agreed = 每位专家都已封存评分，且分歧较大的项目都写明理由
certification-guard-carried = 得分达标、到会人数足够、多数同意
certification-guard-not_carried = 到会人数足够，且得分不达标或多数不同意
certification-guard-notice_clear = 得分达标、公示期满、没有待答复或成立的异议
certification-guard-upheld = 有成立的异议
certification-guard-may_appeal = 仍在申诉期内，且此前没有申诉过
certification-certificate-state-active = 有效
certification-certificate-state-review_required = 待复核
certification-certificate-state-suspended = 已暂停
certification-certificate-state-revoked = 已撤销
certification-certificate-state-revocation_appealed = 已撤销，申诉中
certification-certificate-state-expired = 已到期
certification-certificate-state-renewed = 已换新证
certification-certificate-event-grant = 发证
certification-certificate-event-flag_review = 列入复核
certification-certificate-event-clear_review = 复核通过
certification-certificate-event-change_scope = 变更范围
certification-certificate-event-suspend = 暂停
certification-certificate-event-reinstate = 恢复
certification-certificate-event-revoke = 撤销
certification-certificate-event-appeal_revocation = 对撤销申诉
certification-certificate-event-uphold_revocation = 维持撤销
certification-certificate-event-overturn_revocation = 撤回撤销决定
certification-certificate-event-expire = 到期
certification-certificate-event-renew = 换证
certification-pillar-energy = 节能节水
certification-pillar-goods = 绿色商品
certification-pillar-waste = 回收利用
certification-pillar-management = 基础管理
certification-pillar-service = 绿色服务
certification-evidence-kind-document = 文件
certification-evidence-kind-certificate = 证照
certification-evidence-kind-photo = 照片
certification-evidence-kind-meter_data = 计量数据
certification-evidence-kind-sales_data = 销售数据
certification-evidence-kind-inventory = 清单
certification-evidence-kind-ledger = 台账
certification-evidence-kind-system_record = 系统记录
certification-trust-self_declared = 自行申报
certification-trust-document = 有文件
certification-trust-measured = 有计量
certification-trust-verified_by_system = 系统核实
certification-carrier-electricity = 电
certification-carrier-gas = 燃气
certification-carrier-heat = 热
certification-carrier-water = 水
certification-driver-hdd = 采暖度日
certification-driver-cdd = 制冷度日
certification-driver-hours = 营业小时
certification-driver-turnover = 营业额
certification-driver-visitors = 客流
certification-driver-days = 天数
certification-weak-cv-rmse = 模型误差偏大
certification-weak-r-squared = 模型解释力不足
certification-weak-uncertainty = 节约量的不确定度偏大
certification-weak-gaps = 有月份缺数据
certification-eligibility-facts = 商场资料
certification-eligibility-open = 开业月数
certification-eligibility-meters = 连续计量月数
certification-eligibility-features = 特征数
certification-lacks-answer = 没有填写
certification-lacks-reason = 没有写理由
certification-lacks-evidence = 缺证明材料
certification-lacks-trust = 证明等级不足，按比例计分
certification-short-gate = ★ 项未通过
certification-short-total = 总分不够
certification-short-category = 类目分数不够
certification-short-measure = 缺少必需的计量数据
certification-outcome-conforms = 相符
certification-outcome-deviates = 不符
certification-outcome-not_applicable = 不适用
certification-severity-minor = 一般问题
certification-severity-major = 严重问题
certification-finding-open = 待整改
certification-finding-answered = 已答复
certification-finding-closed = 已整改
certification-vote-for = 同意
certification-vote-against = 不同意
certification-vote-abstain = 弃权
certification-objection-open = 待答复
certification-objection-upheld = 成立
certification-objection-dismissed = 不成立
certification-surveillance-due = 待报告
certification-surveillance-reported = 待审查
certification-surveillance-passed = 通过
certification-surveillance-failed = 未通过
certification-surveillance-kind-annual = 年度报告
certification-surveillance-kind-random = 随机复审
certification-format-shopping_centre = 购物中心
certification-format-department_store = 百货店
certification-format-supermarket = 超市
certification-format-building_materials = 建材家居店
certification-format-warehouse_club = 仓储会员店
certification-rule-gate = ★ 必达
certification-rule-step = 分档
certification-rule-linear = 按比例
certification-rule-judgement = 评议
certification-rubric-version = 版本号只用字母、数字、点和短横
certification-rubric-date = 日期不对
certification-rubric-percent = 百分比应在 0 到 100 之间
certification-rubric-trust-order = 证明等级越高，计分比例不应越低
certification-rubric-too-many-features = 要求的特征数多于所列特征
certification-rubric-empty = 没有类目或项目
certification-rubric-too-many-items = 项目太多
certification-rubric-unknown-measure = 没有项目用到这个指标
certification-rubric-code = 代码为空或重复
certification-rubric-sum = 类目分值与项目分值之和不符
certification-rubric-no-points = 类目没有分值
certification-rubric-too-many-points = 一项最多 10000 分
certification-rubric-gate-points = ★ 项不计分，其他项必须计分
certification-rubric-gate-not-applicable = ★ 项不能选不适用
certification-rubric-no-evidence = 没有要求证明材料
certification-rubric-measure = 缺少指标名
certification-rubric-steps = 分档须从优到劣排列
certification-rubric-best-step = 最高一档的分值应等于项目分值
certification-rubric-linear = 起止值不能相同
certification-rubric-words = 名称为空或太长
certification-csv-unreadable = 读不出来
certification-csv-twice = 重复
certification-csv-missing = 缺少这一列
certification-csv-month = 月份应写成 2026-03
certification-csv-number = 不是数
certification-csv-negative = 不能为负
certification-csv-too-many = 行数太多
certification-csv-empty = 没有内容
certification-csv-barcode = 缺少条码或条码太长
certification-csv-scheme = 没有这种标识
certification-csv-grade = 等级应为 1 到 5
certification-file-empty = 文件是空的，请重新选择。
certification-file-too-large = 文件超过 20 MiB，请压缩后再传。
certification-file-unknown-kind = 只收 PDF、JPEG、PNG、WebP 和 CSV 文件，请换一种格式。
certification-file-too-many = 这一项的文件已满 30 个，请先删去一个。
