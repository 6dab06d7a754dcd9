"""The rules of the contract that a schema cannot say: one file a chapter, one row a sentence.

A row has the rule's name, the sentence of the contract, and a check. A check makes calls and says what must
come back; it knows nothing of how a service works.
"""
