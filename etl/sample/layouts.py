"""The six systems the town has exported incidents from: their formats, headers and habits."""

from __future__ import annotations

from dataclasses import dataclass, field

EXTRA_HEADERS = frozenset({"序号", "备注"})
"""Headers no source knows; a reader must not stumble over them."""


@dataclass(frozen=True)
class Layout:
    """How one system exports incidents.

    columns: (header, column of etl.sources, group) · moment: style of its moments, or `cell` for true Excel moments, `serial` for bare
    numbers in some columns · dialect: which spelling of each code · yes, no: words · community: canonical, short or town (镇 in front)
    · alias_share: share of community and department names spelled otherwise · marker: what stands in some blank cells · title and
    exported_in: lines above the header and where the moment of export is said (title, name or nowhere) · footer: total, clerk or ""
    · extended_only: the deadline column is filled for extended cases only.
    """

    suffix: str
    encoding: str
    stem: str
    columns: tuple[tuple[str, str, str], ...]
    moment: str
    dialect: int
    yes: str = "是"
    no: str = "否"
    category: str = "name"
    community: str = "canonical"
    alias_share: float = 0.05
    marker: str = ""
    marker_share: float = 0.3
    exported_in: str = "nowhere"
    footer: str = ""
    is_grouped: bool = False
    extended_only: bool = False
    full_width_share: float = 0.0
    day_only_share: float = 0.0
    serials: frozenset[str] = field(default_factory=frozenset)


def _columns(text: str, group: str = "") -> tuple[tuple[str, str, str], ...]:
    return tuple((header, name, group) for header, name in (pair.split("=") for pair in text.split()))


GRID_PLATFORM = Layout(
    suffix=".csv", encoding="gb18030", stem="事件导出", moment="slash", dialect=0, alias_share=0.05, footer="total", full_width_share=0.008,
    day_only_share=0.03,
    columns=_columns(
        "事件编号=incident_id 事件标题=title 事件来源=channel 处置层级=level 事件状态=status 事件大类=category 事件小类=subcategory "
        "承办部门=department 首派部门=first_department 所属社区=community 网格编号=grid 网格员编号=worker 户编号=complainant "
        "可否回访=has_contact 上报人=reporter_name 联系电话=reporter_phone 事发地址=address 上报时间=reported_at 立案时间=registered_at "
        "派遣时间=dispatched_at 处置完成时间=disposed_at 核查时间=checked_at 结案时间=closed_at 原截止时间=original_due_at 截止时间=due_at "
        "延期次数=extension_count 返工次数=rework_count 退单次数=return_count 是否自行处置=is_self_disposed 是否挂账=is_parked "
        "是否重复件=is_duplicate 作废原因=void_reason 是否按时=source_on_time 备注=remark"
    ),
)  # fmt: skip
CITY_CASES = Layout(
    suffix=".xls", encoding="", stem="城管案件导出", moment="slash", dialect=1, category="town", community="short", alias_share=0.08,
    yes="√", no="", exported_in="title", extended_only=True, serials=frozenset({"reported_at", "registered_at", "due_at"}),
    columns=_columns(
        "序号=serial_no 案件编号=incident_id 主题=title 问题描述=description 来源=channel 层级=level 案件状态=status 大类=category "
        "小类=subcategory 处置部门=department 社区=community 网格=grid 网格员工号=worker 诉求人标识=complainant 是否可回访=has_contact "
        "诉求人=reporter_name 手机号=reporter_phone 发现时间=reported_at 立案日期=registered_at 派单时间=dispatched_at "
        "处理完成时间=disposed_at 复核时间=checked_at 归档时间=closed_at 时限=limit_value 时限类型=limit_unit 到期时间=due_at "
        "延期=extension_count 重办次数=rework_count 退回次数=return_count 自处置=is_self_disposed 缓办=is_parked 重复件=is_duplicate "
        "不予立案原因=void_reason"
    ),
)  # fmt: skip
TWO_LEVELS = Layout(
    suffix=".xlsx", encoding="", stem="事件导出", moment="cell", dialect=0, alias_share=0.02, marker="—", marker_share=0.5,
    exported_in="title", footer="total", is_grouped=True,
    columns=(
        *_columns("序号=serial_no 工单编号=incident_id 事件名称=title 问题来源=channel 事件级别=level 当前状态=status 工作内容=category "
                  "问题小类=subcategory 地址=address", "基本信息"),
        *_columns("主办单位=department 首次承办单位=first_department 村社区=community 所属网格=grid 巡查员编号=worker 居民标识=complainant "
                  "联系人=reporter_name 联系方式=reporter_phone 有无联系方式=has_contact", "责任信息"),
        *_columns("创建时间=reported_at 立案时间=registered_at 分派时间=dispatched_at 处置结束时间=disposed_at 核实时间=checked_at "
                  "办结时间=closed_at 原时限=original_due_at 办理期限=due_at", "时间节点"),
        *_columns("延时次数=extension_count 核查不通过次数=rework_count 回退次数=return_count 网格员自行处置=is_self_disposed 挂账=is_parked "
                  "是否合并=is_duplicate 作废说明=void_reason 按期办结=source_on_time", "考核信息"),
    ),
)  # fmt: skip
HOTLINE = Layout(
    suffix=".csv", encoding="utf-8-sig", stem="12345及网格工单", moment="iso", dialect=2, category="path", community="town",
    alias_share=0.04, marker="不详", exported_in="name", extended_only=True, full_width_share=0.006, yes="1", no="0",
    columns=_columns(
        "工单编号=incident_id 标题=title 主要内容=description 诉求地址=address 渠道来源=channel 办理层级=level 工单状态=status "
        "问题分类=category 二级分类=subcategory 主办单位=department 首派单位=first_department 所在村社区=community 责任网格编号=grid "
        "上报人编号=worker 来电人标识=complainant 是否留有联系方式=has_contact 来电人=reporter_name 来电号码=reporter_phone "
        "受理时间=reported_at 受理立案时间=registered_at 转派时间=dispatched_at 处置时间=disposed_at 核查完成时间=checked_at "
        "完成时间=closed_at 办理时限=limit_value 计时方式=limit_unit 要求完成时间=due_at 是否延期=is_extended 是否返工=is_reworked "
        "退单次数=return_count 自行处置=is_self_disposed 是否缓办=is_parked 是否重复=is_duplicate 不予受理原因=void_reason"
    ),
)  # fmt: skip
CLERK = Layout(
    suffix=".csv", encoding="gb18030", stem="事件清单", moment="chinese", dialect=3, alias_share=0.10, marker="/", exported_in="title",
    footer="clerk", full_width_share=0.004, day_only_share=0.02,
    columns=_columns(
        "事件号=incident_id 标题=title 内容描述=description 工单来源=channel 事件层级=level 办理状态=status 类别=category 小类名称=subcategory "
        "责任部门=department 首派单位=first_department 居村委=community 网格编码=grid 网格员=worker 居民标识=complainant "
        "是否可回访=has_contact 反映人=reporter_name 电话=reporter_phone 登记时间=reported_at 立案时间=registered_at 分流时间=dispatched_at "
        "办理完成时间=disposed_at 核查时间=checked_at 归档时间=closed_at 初始截止时间=original_due_at 要求完成时间=due_at "
        "延期次数=extension_count 返工数=rework_count 退单次数=return_count 自行处置=is_self_disposed 挂账=is_parked 重复件=is_duplicate "
        "作废原因=void_reason 是否按期=source_on_time"
    ),
)  # fmt: skip
TODAY = Layout(
    suffix=".xlsx", encoding="", stem="事件导出", moment="cell", dialect=0, alias_share=0.03, exported_in="title", footer="total",
    columns=_columns(
        "序号=serial_no 事件编号=incident_id 事件标题=title 事件描述=description 事件来源=channel 处置层级=level 事件状态=status "
        "事件大类=category 事件小类=subcategory 承办部门=department 首派部门=first_department 所属社区=community 网格编号=grid "
        "网格员编号=worker 诉求人标识=complainant 可否回访=has_contact 上报人=reporter_name 联系电话=reporter_phone 上报时间=reported_at "
        "立案时间=registered_at 派遣时间=dispatched_at 处置完成时间=disposed_at 核查时间=checked_at 结案时间=closed_at "
        "原截止时间=original_due_at 截止时间=due_at 处置时限=limit_value 时限单位=limit_unit 延期次数=extension_count 返工次数=rework_count "
        "退单次数=return_count 是否自行处置=is_self_disposed 是否挂账=is_parked 是否重复件=is_duplicate 作废原因=void_reason 是否按时=source_on_time"
    ),
)  # fmt: skip

LAYOUTS = (GRID_PLATFORM, CITY_CASES, TWO_LEVELS, HOTLINE, CLERK)
"""In turn, half-year by half-year; the newest export is always TODAY."""
