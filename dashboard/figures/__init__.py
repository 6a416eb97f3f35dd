"""Frame → figure: plain dicts in Plotly's schema, without title, definition or template (see theme.py)."""

from typing import Any

Figure = dict[str, Any]
