"""What may be the same place, one place with many designations, or a wrong area."""
