"""网格员名册: one row an assignment of a worker to a grid."""

from etl.source import Column, Source

GRID_WORKER = Source(
    name="grid_worker",
    zh="网格员名册",
    key=("worker_id", "grid", "valid_from"),
    columns=(
        Column("worker", "网格员编号", "person", required=True, aliases=("工号", "人员编号", "网格员工号", "编号")),
        Column(
            "kind",
            "人员类别",
            "code",
            required=True,
            list="worker_kind",
            aliases=("专兼职", "类别", "用工性质", "网格员类别", "角色"),
        ),
        Column("fte", "折算系数", "share", aliases=("全时当量", "折合全职", "工作量系数", "fte")),
        Column("grid", "网格编号", required=True, aliases=("所属网格", "负责网格", "网格编码", "网格代码")),
        Column("community", "所属社区", "code", list="community", aliases=("社区", "村社区", "社区名称")),
        Column("valid_from", "上岗日期", "moment", required=True, aliases=("到岗日期", "开始日期", "入职日期", "起始日期")),
        Column("valid_to", "离岗日期", "moment", aliases=("离职日期", "结束日期", "终止日期")),
        Column("worker_name", "姓名", "personal", aliases=("网格员姓名", "网格员", "人员姓名")),
        Column("worker_phone", "联系电话", "personal", aliases=("手机号", "电话", "联系方式", "身份证号")),
    ),
)
