"""A second implementation of the rule language: small, plain and slow.

It is written from the law alone. Where it and the crate differ, one of them
is wrong, and the law says which.
"""
