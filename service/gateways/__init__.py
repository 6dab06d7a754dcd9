"""One peer, one file: submitting to it, polling it, taking its call-backs. The only rooms that import
`service.wire`.
"""
