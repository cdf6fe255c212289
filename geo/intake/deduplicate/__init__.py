"""What may be the same place, one place with many plaques, or a wrong area."""
