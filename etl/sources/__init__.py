"""The kinds of export understood, in the order they are loaded."""

from etl.source import Source
from etl.sources.callback import CALLBACK
from etl.sources.grid import GRID
from etl.sources.grid_worker import GRID_WORKER
from etl.sources.incident import INCIDENT
from etl.sources.incident_step import INCIDENT_STEP
from etl.sources.patrol import PATROL
from etl.sources.service_case import SERVICE_CASE

SOURCES: tuple[Source, ...] = (GRID, GRID_WORKER, INCIDENT, INCIDENT_STEP, PATROL, SERVICE_CASE, CALLBACK)
