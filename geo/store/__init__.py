"""Where a district is kept: the :class:`Store` protocol and the GeoPackage behind it."""

from geo.store.database import create_store, open_store
from geo.store.load_record import Loaded, LoadRecord
from geo.store.protocol import Store

__all__ = ["LoadRecord", "Loaded", "Store", "create_store", "open_store"]
