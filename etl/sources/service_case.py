"""便民服务中心办件: one row a case of a service centre."""

from etl.source import Column, Source

SERVICE_CASE = Source(
    name="service_case",
    zh="便民服务办件",
    key=("service_case_id",),
    clock=("applied_at", "accepted_at", "done_at"),
    columns=(
        Column("service_case_id", "办件编号", required=True, aliases=("业务编号", "办件号", "受理号", "业务流水号")),
        Column("item", "事项名称", required=True, aliases=("办理事项", "服务事项", "业务名称")),
        Column("centre", "服务中心", aliases=("便民服务中心", "办理网点", "服务网点", "受理中心")),
        Column("service_window", "窗口", aliases=("窗口服务点", "窗口/服务点", "办理窗口", "窗口号")),
        Column("community", "所属社区", "code", list="community", aliases=("社区", "所属社区村", "村社区", "申请人社区")),
        Column("applied_at", "申请时间", "moment", required=True, aliases=("收件时间", "取号时间", "申请日期")),
        Column("accepted_at", "受理时间", "moment", aliases=("受理日期",)),
        Column("due_at", "承诺办结时间", "moment", aliases=("承诺完成时间", "承诺日期")),
        Column("done_at", "办结时间", "moment", aliases=("完成时间", "办结日期")),
        Column("promised_days", "承诺时限(工作日)", "count", aliases=("承诺时限", "承诺工作日", "承诺办结时限")),
        Column("result", "办理结果", aliases=("办件结果", "结果", "办理状态")),
        Column("rating", "评价", "code", list="rating", aliases=("好差评", "评价等级", "群众评价", "服务评价")),
        Column("ticket_no", "排队号", aliases=("票号", "叫号", "排队票号")),
        Column("wait_minutes", "等候时长(分钟)", "minutes", aliases=("等候分钟", "等待时长", "排队时长", "等候时间")),
        Column("applicant", "申请人", "personal", aliases=("申请人姓名", "办事人", "联系电话", "身份证号", "手机号", "申请人电话")),
    ),
)
