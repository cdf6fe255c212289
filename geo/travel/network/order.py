"""An order of points in which neighbours in the plane are mostly neighbours."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

_BITS: Final = 16
_SPREAD: Final = (
    (8, 0x00FF00FF),
    (4, 0x0F0F0F0F),
    (2, 0x33333333),
    (1, 0x55555555),
)


def along_curve(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Return the place of each point along a Z-order curve (Morton 1966) over their extent.

    Parameters
    ----------
    xy : numpy.ndarray
        Finite x and y, of shape (points, 2).

    Examples
    --------
    >>> along_curve(np.array([[0, 0], [1, 0], [0, 1], [1, 1]], dtype=float)).argsort().tolist()
    [0, 1, 2, 3]
    """
    if not len(xy):
        return np.zeros(0, dtype=np.int64)
    low = xy.min(axis=0)
    span = max(float((xy.max(axis=0) - low).max()), 1e-9)
    cell = ((xy - low) / span * (2**_BITS - 1)).astype(np.int64)
    return _spread(cell[:, 0]) | (_spread(cell[:, 1]) << 1)


def _spread(number: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return numbers with a zero between each two of their bits."""
    for shift, mask in _SPREAD:
        number = (number | (number << shift)) & mask
    return number
