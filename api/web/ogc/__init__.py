"""The service that standard clients know: OGC API - Features, over the collections of a study."""
