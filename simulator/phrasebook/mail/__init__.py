"""How people write mail: what stands around their own words, in four languages, and never changes what they
mean.
"""
