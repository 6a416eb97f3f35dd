"""流转记录: one row a hand-over of an incident (optional export)."""

from etl.source import Column, Source

INCIDENT_STEP = Source(
    name="incident_step",
    zh="流转记录",
    key=("incident_id", "handed_at", "action", "to_department_code"),
    clock=("handed_at",),
    columns=(
        Column("incident_id", "事件编号", required=True, aliases=("工单编号", "工单号", "案件编号", "任务号")),
        Column("handed_at", "流转时间", "moment", required=True, aliases=("操作时间", "办理时间", "交办时间")),
        Column("action", "流转环节", list="step_action", aliases=("环节", "操作", "办理环节", "动作")),
        Column("actor", "操作人编号", "person", aliases=("经办人编号", "操作员编号")),
        Column("from_department", "移交部门", "code", list="department", aliases=("转出部门", "来源部门", "从")),
        Column("to_department", "接收部门", "code", required=True, list="department", aliases=("转入部门", "目标部门", "到")),
        Column("outcome", "接收情况", "code", list="step_outcome", aliases=("接收结果", "是否接收", "签收情况")),
        Column("actor_name", "操作人", "personal", aliases=("经办人", "操作员")),
    ),
)
