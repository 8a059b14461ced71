"""Connect a Zoey store with Oracle NetSuite."""
