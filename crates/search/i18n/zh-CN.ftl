search-near = 请写成“纬度,经度”，例如 39.9,116.46；按距离排序或限定半径时必须提供。
search-radius = 半径请填 1 到 200000 米。
search-box = 请写成“南,西,北,东”四个度数。
search-sort = 排序方式只能是 relevance、newest、price_asc、price_desc 或 distance。
search-number = 请填不小于 0 的整数。
search-attr = 请写成“属性:值”，例如 storage:128gb，范围写成 battery:80..100。
search-seller = 卖家编号不对。
