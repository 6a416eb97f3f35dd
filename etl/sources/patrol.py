"""巡查走访记录: one row a patrol or a visit."""

from etl.source import Column, Source

PATROL = Source(
    name="patrol",
    zh="巡查走访记录",
    key=("patrol_id",),
    clock=("patrolled_at",),
    columns=(
        Column("patrol_id", "巡查编号", required=True, aliases=("走访编号", "记录编号", "巡查记录编号")),
        Column("kind", "巡查类型", aliases=("走访类型", "类型", "巡查方式")),
        Column("worker", "网格员编号", "person", aliases=("巡查人编号", "工号", "巡查员编号")),
        Column("grid", "网格编号", required=True, aliases=("所属网格", "网格", "网格编码", "巡查网格")),
        Column("community", "所属社区", "code", list="community", aliases=("社区", "村社区", "社区名称")),
        Column("patrolled_at", "巡查时间", "moment", required=True, aliases=("走访时间", "开始时间", "巡查开始时间")),
        Column("minutes", "巡查时长(分钟)", "minutes", aliases=("时长", "巡查时长", "用时分钟")),
        Column("households_visited", "走访户数", "count", aliases=("走访家庭数", "入户数", "户数")),
        Column("incidents_found", "发现事件数", "count", aliases=("上报事件数", "发现问题数")),
        Column("remark", "备注", "note", aliases=("巡查情况", "走访情况", "说明")),
        Column("worker_name", "网格员", "personal", aliases=("巡查人", "网格员姓名", "走访人", "姓名", "走访对象", "联系电话")),
    ),
)
