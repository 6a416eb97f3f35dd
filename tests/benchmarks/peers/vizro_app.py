"""Six charts in Vizro."""

import os
from functools import partial

import vizro.models as vm
from six_charts import FIGURES, PERIODS, frame
from vizro import Vizro
from vizro.managers import data_manager
from vizro.models.types import capture


def _load(name, period="12 weeks"):
    return frame(name, period)


for name in FIGURES:
    data_manager[name] = partial(_load, name)


@capture("graph")
def chart(data_frame, name):
    return FIGURES[name](data_frame)


page = vm.Page(
    title="Six charts",
    layout=vm.Grid(grid=[[0, 1], [2, 3], [4, 5]]),
    components=[vm.Graph(id=name, figure=chart(name, name=name)) for name in FIGURES],
    controls=[
        vm.Parameter(
            targets=[f"{name}.data_frame.period" for name in FIGURES],
            selector=vm.RadioItems(options=list(PERIODS), value="12 weeks", title="Period"),
        )
    ],
)
Vizro().build(vm.Dashboard(pages=[page])).run(port=int(os.environ["PORT"]), debug=False)
