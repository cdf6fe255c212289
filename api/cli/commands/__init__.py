"""The commands of ``kepu``, by what they are about."""
