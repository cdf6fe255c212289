"""Exact solvers of location-allocation on top of HiGHS.

:mod:`~geo.siting.solver.coverage`, :mod:`~geo.siting.solver.p_median`,
:mod:`~geo.siting.solver.p_center` and :mod:`~geo.siting.solver.allotment` are the entry points;
the other modules are their presolve, heuristics, relaxations, cuts and branching.
"""
