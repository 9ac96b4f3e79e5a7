"""Numeric kernels over plain arrays. Knows nothing of cities."""
