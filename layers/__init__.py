"""Plain results drawn as a Folium map, pages, maps on paper and Word documents.

Nothing spatial is computed here. ``layers.text`` and ``layers.palette`` are the lowest; the
packages ``web`` and ``paper`` stand on them, and ``report`` on ``paper``.
"""

from typing import Any

Record = dict[str, Any]
"""A plain document, or a row of one, as :mod:`geo.publish.study_json` makes them."""
