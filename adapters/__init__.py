"""The world: event log, Temporal, web, command line, mail, documents, clock."""
