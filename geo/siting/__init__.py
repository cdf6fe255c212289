"""Where new bases should stand, how large, and the proof: location-allocation by HiGHS.

One file per question. All of them speak :mod:`geo.siting.model`: positions of demand
points and candidates, pairs within a limit, linear rules, and a solution with its bound.
"""
