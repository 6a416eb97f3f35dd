"""The kinds of export understood, in the order they are loaded."""

from functools import cache

from etl.source import Source, header_key
from etl.sources.callback import CALLBACK
from etl.sources.grid import GRID
from etl.sources.grid_worker import GRID_WORKER
from etl.sources.incident import INCIDENT
from etl.sources.incident_step import INCIDENT_STEP
from etl.sources.patrol import PATROL
from etl.sources.service_case import SERVICE_CASE

SOURCES: tuple[Source, ...] = (GRID, GRID_WORKER, INCIDENT, INCIDENT_STEP, PATROL, SERVICE_CASE, CALLBACK)


@cache
def known_headers() -> frozenset[str]:
    """Keys of all headers of all kinds."""
    return frozenset(header_key(header) for source in SOURCES for column in source.columns for header in column.headers)
