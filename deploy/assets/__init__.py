"""Makes the files the portal serves but did not write."""
