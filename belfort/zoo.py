"""The bug zoo: known bugs, planted by composition into parts that the service is built from.

Nothing in the product knows of them. Each shows that the oracle finds its kind, and names whom it befell.
"""
