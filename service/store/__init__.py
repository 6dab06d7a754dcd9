"""The only place that knows a database: one writing connection, grouped commits, named SQL."""
