"""How the questions of siting are solved: models for HiGHS, bounds, cuts, starts, branching."""
