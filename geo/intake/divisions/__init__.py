"""Townships and villages by code and name together."""
