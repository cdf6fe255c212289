"""What it costs people to travel: along roads, or in straight lines where there are none."""
