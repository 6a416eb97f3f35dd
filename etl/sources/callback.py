"""回访记录: one row a call to a resident after an incident was closed."""

from etl.source import Column, Source

CALLBACK = Source(
    name="callback",
    zh="回访记录",
    key=("incident_id", "round", "called_at"),
    clock=("called_at",),
    columns=(
        Column("callback_id", "回访编号", aliases=("回访单号", "回访记录编号")),
        Column("incident_id", "事件编号", required=True, aliases=("工单编号", "工单号", "案件编号", "任务号")),
        Column("round", "回访轮次", "count", aliases=("轮次", "第几次回访", "回访次数")),
        Column("called_at", "回访时间", "moment", required=True, aliases=("回访日期", "拨打时间")),
        Column("method", "回访方式", aliases=("方式",)),
        Column(
            "result",
            "接通状态",
            "code",
            required=True,
            list="callback_result",
            aliases=("回访结果", "接通情况", "是否接通", "是否有效回访"),
        ),
        Column("contacted", "是否联系", "yes_no", aliases=("部门是否联系", "是否先行联系", "是否响应")),
        Column("solved", "是否解决", "code", list="solved", aliases=("解决情况", "问题是否解决")),
        Column("satisfaction", "满意度", "code", list="satisfaction", aliases=("是否满意", "满意情况", "满意评价")),
        Column("reason", "不满意原因", "note", aliases=("不满原因", "原因")),
        Column("rehandled", "是否重办", "yes_no", aliases=("是否退回重办", "处理意见重办")),
        Column("escalated", "是否移交", "yes_no", aliases=("是否移交纪检", "是否移送", "是否升级督办")),
        Column("caller_name", "回访人", "personal", aliases=("回访员", "被回访人", "联系电话", "回访电话")),
    ),
)
