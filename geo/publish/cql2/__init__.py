"""Filters of the Common Query Language (CQL2, OGC 21-065), as masks over columns.

What a client writes is checked against bounds first, then read by the ``cql2``
package, and its JSON form is compiled here into numpy, pandas and shapely. No SQL
is made and nothing is evaluated as code.
"""

from __future__ import annotations

from geo.publish.cql2.filter import Filter, parse_filter
from geo.publish.cql2.queryable import CONFORMANCE, FilterLang, Queryable

__all__ = ["CONFORMANCE", "Filter", "FilterLang", "Queryable", "parse_filter"]
