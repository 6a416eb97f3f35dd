"""Evaluations that readers have asked for: worked out in a process of their own (worker.py), followed and kept here by runs.py.

statsmodels takes seconds to import and an evaluation seconds to work out; the server's threads must be free meanwhile.
"""
