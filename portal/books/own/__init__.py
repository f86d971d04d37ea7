"""What a referrer takes home: why a sum is not there yet, a year in one file, what came in by quarter, copies for their accountant."""
