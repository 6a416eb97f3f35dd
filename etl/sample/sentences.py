"""Titles, descriptions and addresses: as many as needed, looked up in tables of all combinations."""

from __future__ import annotations

import numpy as np
import pandas as pd

from etl.sample.chance import Ints, Words
from etl.sample.reports import Where

PLACES = ("小区主干道", "北侧便道", "菜市场门口", "中心花园", "地下车库入口", "学校路口", "篮球场旁", "公交站旁")
_OPENINGS = ("网格员巡查发现", "居民反映", "有关部门转来")
_ENDINGS = ("，请核实处理。", "，影响正常生活，希望尽快解决。", "，现场已拍照。", "，请相关部门到场查看。")
_BUILDINGS, _DOORS = 28, 4


def titles(where: Where, frame: pd.DataFrame) -> tuple[Words, Ints]:
    """All titles and the number of each row's own: 长板社区中心花园：绿化缺失."""
    names, work = where.town.community_names, where.work.name
    table = np.array([f"{name}{place}：{what}" for name in names for place in PLACES for what in work], dtype=object)
    place = (frame["building"] * 7 + frame["door"]).to_numpy() % len(PLACES)
    return table, (frame["community"].to_numpy() * len(PLACES) + place) * len(work) + frame["work"].to_numpy()


def descriptions(where: Where, frame: pd.DataFrame) -> tuple[Words, Ints]:
    """All descriptions and the number of each row's own."""
    work = where.work.name
    table = np.array(
        [
            f"{opening}{building}号楼附近{what}{ending}"
            for opening in _OPENINGS for building in range(1, _BUILDINGS + 1) for what in work for ending in _ENDINGS
        ],
        dtype=object,
    )  # fmt: skip
    ending = frame["door"].to_numpy() % len(_ENDINGS)
    building = frame["source"].to_numpy() * _BUILDINGS + frame["building"].to_numpy() - 1
    return table, (building * len(work) + frame["work"].to_numpy()) * len(_ENDINGS) + ending


def addresses(where: Where, frame: pd.DataFrame) -> tuple[Words, Ints]:
    """All addresses and the number of each row's own: 长板社区3号楼2门."""
    names = where.town.community_names
    table = np.array(
        [f"{n}{b}号楼{u}门" for n in names for b in range(1, _BUILDINGS + 1) for u in range(1, _DOORS + 1)], dtype=object
    )
    home = (frame["building"].to_numpy() - 1) * _DOORS + frame["door"].to_numpy() - 1
    return table, frame["community"].to_numpy() * _BUILDINGS * _DOORS + home


VOID_REASONS = ("现场核实不属实", "与其他工单重复", "当事人撤回", "不属于本镇管辖")
REJECT_REASONS = ("反映内容不明确", "不属于受理范围", "已有工单正在办理", "诉求无实质内容")
