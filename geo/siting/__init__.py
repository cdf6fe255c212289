"""Location-allocation: where new bases should stand, how large they should be, and the proof.

A request (:mod:`geo.core.siting_options`) becomes a :class:`geo.siting.problem.SitingProblem`,
which :mod:`geo.siting.solver` solves with HiGHS to a plan and a proven bound. The other modules explain
a plan, compare it with others, and test how it holds.
"""
