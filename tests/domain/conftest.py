"""The same examples in every run: a rule is right or wrong, never so by luck."""

from hypothesis import settings

settings.register_profile("house", derandomize=True, deadline=None, database=None, max_examples=60)
settings.load_profile("house")
