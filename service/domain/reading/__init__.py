"""The steps by which a reply's text becomes a verdict (answers.md, "Reading the text").

Here live the form of characters, tokens, numerals in four languages, the phrases numbers stand in, and the
tables of words these need. What must not live here: I/O, clocks, anything of channels, requests or reports.
The public entrance is `service.domain.answer`.
"""
