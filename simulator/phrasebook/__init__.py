"""What simulated people write, with the verdict and the score that they meant, attached when it is made.

Data modules by language hold the templates, the small modules beside them fill and choose. Pure: chance is
handed in, nothing here reads a clock, a file or a socket. No text is ever parsed to find out what it means,
and nothing of the survey service may be imported: its reader of answers is checked against these texts.
"""
