"""One writing connection whose commits are shared, and one for reading.

`write` queues a unit of work; the writer's thread runs every unit that is waiting inside one transaction (a savepoint each),
commits once with an fsync, and only then tells the callers. A unit is a plain function of the connection:
it either happens whole or not at all, whatever its neighbours do.
"""
