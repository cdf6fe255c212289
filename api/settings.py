"""What the machine decides: paths, ports, a basemap. Read when asked for, never at import."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from geo.core.disclosure import PUBLIC_DECIMALS
from geo.core.vocabulary import Profile


class Settings(BaseSettings):
    """Settings from the environment (``KEPU_STORE``, ``KEPU_PORT``, ...) over defaults.

    Attributes
    ----------
    store : pathlib.Path
        The GeoPackage that holds the district.
    profile : Profile
        For whom the files are that commands write; the web serves the public's alone.
    public_decimals : int
        Of a degree, to which positions are rounded for the public.
    host, port
        Where the web service listens.
    workers : int
        How many processes answer, each with the store and its answers for itself.
    scenario : pathlib.Path, optional
        A scenario file laid over the defaults, for every request.
    font : pathlib.Path, optional
        A font file with Chinese characters, for maps on paper; one is looked for without it.
    basemap_url : str, optional
        An XYZ or WMTS address with ``{z}``, ``{x}``, ``{y}`` and the key in it. Off
        unless set: with it the browser asks that host for tiles.
    basemap_attribution : str
        The words that the basemap's publisher asks for.
    """

    model_config = SettingsConfigDict(env_prefix="KEPU_", extra="ignore")

    store: Path = Path("kepu.gpkg")
    profile: Profile = Profile.PUBLIC
    public_decimals: int = Field(default=PUBLIC_DECIMALS, ge=1, le=6)
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65_535)
    workers: int = Field(default=1, ge=1, le=16)
    scenario: Path | None = None
    font: Path | None = None
    basemap_url: str | None = Field(default=None, max_length=2_000)
    basemap_attribution: str = Field(default="", max_length=200)
    basemap_min_zoom: int = Field(default=1, ge=0, le=24)
    basemap_max_zoom: int = Field(default=18, ge=0, le=24)

    @field_validator("basemap_url")
    @classmethod
    def _is_a_tile_address(cls, url: str | None) -> str | None:
        if url is None or url == "":
            return None
        if not url.startswith(("https://", "http://")) or any(c in url for c in " ;,'\"<>\n\r\t"):
            raise ValueError("must be an http(s) address without spaces, quotes, commas or ;")
        if not all(part in url for part in ("{z}", "{x}", "{y}")):
            raise ValueError("must contain {z}, {x} and {y}")
        return url
