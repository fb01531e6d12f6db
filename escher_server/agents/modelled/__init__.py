"""What a language model may add, use by use: each asks it with the prompt of its agent, and then decides by rules what of
the answer counts. Without an answer that counts, the rules' own stands.
"""
