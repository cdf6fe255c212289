"""The base of every set of choices: frozen, with no key that is not known."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A set of choices that never changes and refuses what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")
