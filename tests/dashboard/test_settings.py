"""Settings from the environment and the command line."""

from pathlib import Path

import pytest

from dashboard.settings import Settings, SettingsError


def test_defaults_serve_this_machine_only() -> None:
    settings = Settings.read({})
    assert settings == Settings(data=Path("data"), host="127.0.0.1", port=8050, lang="zh", threads=2)
    assert settings.warehouse == Path("data/warehouse")


def test_the_command_line_comes_before_the_environment() -> None:
    environment = {"TOWNSHIP_DATA": "/town", "TOWNSHIP_PORT": "8060", "TOWNSHIP_LANG": "en", "TOWNSHIP_THREADS": "4"}
    assert Settings.read(environment) == Settings(data=Path("/town"), port=8060, lang="en", threads=4)
    assert Settings.read(environment, data=Path("/other"), port=1) == Settings(data=Path("/other"), port=1, lang="en", threads=4)


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"TOWNSHIP_PORT": "eighty"}, "TOWNSHIP_PORT=eighty 应为整数"),
        ({"TOWNSHIP_PORT": "70000"}, "端口 70000 不可用"),
        ({"TOWNSHIP_LANG": "fr"}, "语言 fr 不支持"),
        ({"TOWNSHIP_THREADS": "0"}, "线程数 0"),
        ({"TOWNSHIP_UPLOAD_FILES": "0"}, "上限应不小于 1"),
    ],
)
def test_unusable_settings_are_named(environment: dict[str, str], message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        Settings.read(environment)
