"""What the demo company owns, as plain data: the same at every start, so that a walk-through can be told in advance.

Halden, an online shop, has three accounts in three regions. Nothing here talks to a cloud.
"""
