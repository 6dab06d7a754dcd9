"""`belfort contract`: the documented API checked from outside, at our service or at anybody's.

Nothing here knows either program. `rules/` holds what a schema cannot say, one table row for each sentence of
the contract; `properties` runs schemathesis with the OpenAPI document; `documented` is the public
documentation's own examples.
"""
