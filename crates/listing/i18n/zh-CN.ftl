
# 类目属性
listing-attribute-required = 请填写。发布前需要这一项。
listing-attribute-unknown = 这个类目没有“{ $attribute }”这一项。
listing-attribute-option = “{ $value }”不在可选范围内，请从列表中选一个。
listing-attribute-range = 请填 { $min } 到 { $max } 之间的数（单位：{ $unit }）。
listing-attribute-type = 填写的内容格式不对，请按提示重新填写。
listing-text-too-long = 太长了，最多 { $max } 个字。

# 照片
listing-photo-too-many-bytes = 照片有 { $found } MiB，最多 { $limit } MiB。请压缩后再传。
listing-photo-too-many-pixels = 照片有 { $width } × { $height } 像素，最多 { $limit } 百万像素。请缩小后再传。
listing-photo-side-too-long = 照片为 { $width } × { $height } 像素，单边最多 { $limit } 像素。请裁剪后再传。
listing-photo-too-much-memory = 这张照片的存储方式太占内存。请另存为普通 JPEG 后再传。
listing-photo-not-a-picture = 这个文件不是图片。请上传 JPEG、PNG 或 WebP 照片。
listing-photo-unsupported-format = 暂不支持 { $format } 格式。请另存为 JPEG、PNG 或 WebP 后再传。
listing-photo-truncated = 照片文件不完整，可能没有传完。请重新上传。
listing-photo-damaged = 照片文件已损坏，无法打开。请换一张。

# 文字里的联系方式
listing-contact-in-text = 请不要写联系方式（{ $found }）。买家会在这里联系您，平台外的交易我们很难帮您。

# 填写
listing-title-required = 请写一个标题，一句话说清是什么。
listing-category-required = 请选择类目。
listing-category-leaf = 请选到最后一级类目。
listing-unknown-code = 没有“{ $code }”这一项，请从列表中选择。
listing-required-to-publish = 发布前请填写这一项。
listing-returns-note-required = 请写清您的退货约定。
listing-defects-required = 这个成色需要写明瑕疵，至少一条。
listing-price-range = 价格请填 0.01 元到 { $max } 元之间。
listing-quantity-range = 数量请填 1 到 { $max } 之间的整数。
listing-age-range = 使用时长请填 0 到 1200 个月。
listing-too-many = 最多 { $max } 条。
listing-text-control = 含有无法显示的字符，请删去后再试。
listing-location = 坐标不对：纬度在 -90 到 90 之间，经度在 -180 到 180 之间。
listing-imei = IMEI 应为 15 位数字且校验位正确。拨号盘输入 *#06# 可以查看。
listing-serial = 序列号最多 64 个字符。
listing-unknown-item = 没有找到您的这件物品。
listing-statement-required = { $statement ->
    [registration-transfer] 请先确认：这辆车手续齐全，可以办理过户登记。
   *[other] 请先确认“{ $statement }”这一项。
 }
listing-reason-required = 请写明下架的理由，卖家会看到。
photo-missing = 请选择一张照片。
photo-has-code = 照片里有二维码。请裁掉二维码后再传，交易在这里完成才有保障。

problem-listing-state = 现在不能这样操作
    .detail = 这件宝贝当前的状态是“{ $state }”，不能执行“{ $move }”。请刷新后再看。
problem-listing-not-editable = 现在不能修改
    .detail = 这件宝贝当前的状态是“{ $state }”，已不能修改。
problem-listing-prohibited = 不能发布：属于禁限售物品
    .detail = “{ $word }”触及规则：{ $rule }
problem-photo-refused = 照片没有收下
    .detail = 照片无法使用，原因见下。其他内容都已保留，请换一张再传。
problem-listing-photos-full = 照片已满
    .detail = 最多 9 张照片。请先删去一张，再添加。
problem-listing-item-listed = 这件物品已在售
    .detail = 同一件物品同时只能有一条在售信息。请先下架原来的那条。
