"""The web service: one app over one store, read-only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from api.answers import Atlas
from api.jobs import Jobs
from api.settings import Settings
from api.shared_jobs import AnyJobs
from api.web import errors, pages, quality, service_area, siting, study
from api.web.ogc import changes, collections, items, landing_page, tile_documents, tiles
from api.web.ogc.openapi import FAULTS
from api.web.security import SecurityHeaders
from api.web.tile_cache import TileCache
from geo.core.vocabulary import Profile
from geo.store import Store

_GZIP_FROM_BYTES = 1_000
_GZIP_LEVEL = 3


def create_app(store: Store, settings: Settings, jobs: AnyJobs | None = None) -> FastAPI:
    """Return the service over a store that is open.

    Parameters
    ----------
    store : Store
        Read from any thread; closed by whoever opened it.
    settings : Settings
        The machine's choices.
    jobs : AnyJobs, optional
        Shared with other processes; its own unless given. Closed when the service ends.

    Raises
    ------
    ScenarioError
        The scenario file of the settings cannot be used: better now than at the
        first request.
    """
    queue = Jobs() if jobs is None else jobs

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        queue.close()

    app = FastAPI(
        lifespan=lifespan,
        title="科普设施地图 kepu-atlas",
        version=version("kepu-atlas"),
        description="科普设施、每万人展厅面积与覆盖缺口。只读服务。"
        " Science-outreach facilities, exhibition area per 10,000 residents and coverage gaps.",
        responses=FAULTS,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    # Until there are accounts, everybody who can reach the service is the public.
    atlas = Atlas(
        store, settings.scenario, profile=Profile.PUBLIC, decimals=settings.public_decimals
    )
    atlas.scenario()
    app.state.atlas = atlas
    app.state.tiles = TileCache()
    app.state.settings = settings
    app.state.jobs = queue
    app.include_router(study.router)
    app.include_router(service_area.router)
    app.include_router(collections.router)
    app.include_router(items.router)
    app.include_router(changes.router)
    app.include_router(tile_documents.router)
    app.include_router(tiles.router)
    app.include_router(landing_page.router)
    app.include_router(quality.router)
    app.include_router(siting.router)
    app.include_router(pages.router)
    errors.install(app)
    app.add_middleware(GZipMiddleware, minimum_size=_GZIP_FROM_BYTES, compresslevel=_GZIP_LEVEL)
    app.add_middleware(SecurityHeaders)
    return app
