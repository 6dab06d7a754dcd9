"""The bug zoo: known bugs, planted by composition into the parts that the service is built from.

Nothing in the product knows of them. Each is a mistake that real survey services make, and each must be found
by a shipped scenario that names the cause: that is how the harness itself is tested. `bugs` is the table; the
other files hold the parts, by what goes wrong in them.
"""
