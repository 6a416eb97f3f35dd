"""网格台账: one row a grid and the days it was valid; codes are re-used after a re-division."""

from etl.source import Column, Source

GRID = Source(
    name="grid",
    zh="网格台账",
    key=("grid_code", "valid_from"),
    columns=(
        Column("grid_code", "网格编号", required=True, aliases=("网格编码", "网格代码", "网格号")),
        Column("name", "网格名称", aliases=("名称",)),
        Column(
            "community", "所属社区", "code", required=True, list="community", aliases=("社区", "村社区", "社区名称", "所在社区")
        ),
        Column("households", "户数", "count", aliases=("总户数", "户籍户数", "居民户数", "household_count")),
        Column("population", "人口", "count", aliases=("人口数", "常住人口", "总人口", "population_count")),
        Column("valid_from", "启用日期", "moment", required=True, aliases=("生效日期", "开始日期", "启用时间", "划分日期")),
        Column("valid_to", "停用日期", "moment", aliases=("失效日期", "结束日期", "停用时间", "撤销日期")),
        Column("leader", "网格长", "personal", aliases=("网格长姓名", "负责人", "网格员姓名", "responsible_user", "联系电话")),
    ),
)
